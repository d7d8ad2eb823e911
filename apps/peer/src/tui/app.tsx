/** The whole screen: picks what to show from the engine's snapshot and the screen's own state. */
import { Box, useApp, useWindowSize } from 'ink';
import type { AddPorts } from './actions/add-torrents.ts';
import type { CommandPort, Controls, QuitReason } from './actions/controls.ts';
import { isArrival } from './actions/event-notice.ts';
import { handleKey, handlePaste } from './actions/keys.ts';
import { DetailHeader } from './components/detail-header.tsx';
import { Footer } from './components/footer.tsx';
import { ListHeader } from './components/list-header.tsx';
import { OverlayLayer } from './components/overlay-layer.tsx';
import { PromptPanel } from './components/prompt-panel.tsx';
import { ThemeContext } from './components/tint.tsx';
import { TooSmall } from './components/too-small.tsx';
import type { EnginePort } from './engine-port.ts';
import { formatWindow } from './format/window.ts';
import { windowTitle } from './format/window-title.ts';
import { useAbort } from './hooks/use-abort.ts';
import { useEngineEvents } from './hooks/use-engine-events.ts';
import { useFish } from './hooks/use-fish.ts';
import { useKeymap } from './hooks/use-keymap.ts';
import { useNoticeTimeout } from './hooks/use-notice-timeout.ts';
import { useNotices } from './hooks/use-notices.ts';
import { useNow } from './hooks/use-now.ts';
import { useEngineSnapshot, useTorrentDetail } from './hooks/use-snapshot.ts';
import { useTerminal } from './hooks/use-terminal.ts';
import { useUiStore } from './hooks/use-ui-store.ts';
import { useWindowTitle } from './hooks/use-window-title.ts';
import { DetailScreen } from './screens/detail-screen.tsx';
import { ListScreen } from './screens/list-screen.tsx';
import { DIALOG_HINTS, hintsFor } from './state/keymap.ts';
import { lookAt } from './state/look.ts';
import { tabPlace } from './state/tab-window.ts';
import { filterOf } from './state/ui-state.ts';
import type { Theme } from './theme.ts';

export interface AppProps extends AddPorts {
  readonly engine: EnginePort;
  readonly version: string;
  readonly theme: Theme;
  /** Wall time, milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Puts a text into the clipboard, if the terminal lets it. */
  readonly copy: (text: string) => void;
  /** Sets the title of the window, if there is one. */
  readonly setTitle?: ((title: string) => void) | undefined;
  /** Runs command lines; without it `/` does nothing and is not in the help. */
  readonly commands?: CommandPort | undefined;
  /** Lines that come up beside the torrents. @returns unsubscribe */
  readonly listenForNotices?: ((listener: (text: string) => void) => () => void) | undefined;
  /** Ends the screen as `interrupted`. */
  readonly signal?: AbortSignal | undefined;
}

/** The least the screens can be drawn in. */
const MIN_WIDTH = 50;
const MIN_HEIGHT = 12;

export function App(props: AppProps) {
  const { engine, theme, version, commands } = props;
  const { exit } = useApp();
  const { columns: width, rows: height } = useWindowSize();
  const { torrents, ...totals } = useEngineSnapshot(engine);
  const [state, { dispatch, getState }] = useUiStore();
  const look = lookAt(state, torrents, { width, height });
  const { ui, torrents: shown, selected, torrent, layout, below, answerLines } = look;
  const { view, overlay, notice } = ui;
  const { bodyHeight, shownHeight, footTop, list } = layout;
  const needsDetail = view !== 'list' || list.previewHeight > 0;
  const detail = useTorrentDetail(engine, needsDetail ? torrent?.infoHash : undefined);
  const nowMs = useNow(props.wallMs);
  const fish = useFish(width);
  const terminal = useTerminal();

  const quit = (reason: QuitReason) => exit(reason);
  const controls = (): Controls => {
    const current = lookAt(getState(), torrents, { width, height });
    return { ...props, ...current, ...terminal, commands, dispatch, quit, now: controls };
  };
  useKeymap({
    onKey: (name, input) => handleKey(controls(), name, input),
    onPaste: (text) => handlePaste(controls(), text),
    isTyping: () => getState().overlay?.name === 'prompt',
  });
  useEngineEvents(engine, (told, event) => {
    dispatch({ type: 'notice', notice: told });
    if (event.type === 'complete' && isArrival(event)) fish.release();
  });
  useNotices(props.listenForNotices, (text) =>
    dispatch({ type: 'notice', notice: { tone: 'plain', text } }),
  );
  useNoticeTimeout(notice, dispatch);
  useWindowTitle(windowTitle(torrents), props.setTitle);
  useAbort(props.signal, () => quit('interrupted'));

  if (width < MIN_WIDTH || height < MIN_HEIGHT) return <TooSmall width={width} height={height} />;
  const body = { width, height: bodyHeight };
  return (
    <ThemeContext value={theme}>
      <Box flexDirection="column" width={width} height={height}>
        {view === 'list' || torrent === undefined ? (
          <ListHeader
            torrents={torrents}
            {...totals}
            filter={filterOf(ui)}
            shownCount={shown.length}
            width={width}
            fishAt={fish.at}
          />
        ) : (
          <DetailHeader
            torrent={torrent}
            limits={detail?.limits ?? totals.limits}
            tab={view}
            width={width}
          />
        )}
        <Box height={shownHeight} overflow="hidden">
          <Box height={bodyHeight} flexShrink={0} flexDirection="column">
            {view === 'list' ? (
              <ListScreen
                {...body}
                torrents={shown}
                filter={filterOf(ui)}
                selected={selected}
                detail={detail}
                layout={list}
                nowMs={nowMs}
                sharedLimits={totals.limits}
              />
            ) : (
              detail !== undefined && (
                <DetailScreen
                  {...body}
                  torrent={detail}
                  tab={view}
                  row={ui.row}
                  nowMs={nowMs}
                  sharedLimits={totals.limits}
                />
              )
            )}
          </Box>
        </Box>
        {overlay?.name === 'prompt' && below !== undefined ? (
          <PromptPanel overlay={overlay} below={below} width={width} top={footTop} />
        ) : (
          <Footer
            notice={notice}
            place={placeOf(
              view === 'list'
                ? formatWindow(list.window, shown.length)
                : tabPlace(detail, view, ui.row, bodyHeight),
              totals.port,
            )}
            hints={
              overlay === undefined ? hintsFor(view, torrent, filterOf(ui) !== '') : DIALOG_HINTS
            }
            width={width}
          />
        )}
        <OverlayLayer
          overlay={overlay}
          screen={{ width, height }}
          version={version}
          hasCommands={commands !== undefined}
          answerLines={answerLines}
          answerLength={layout.answerLength}
        />
      </Box>
    </ThemeContext>
  );
}

function placeOf(window: string, port: number): string {
  return window === '' ? `port ${port}` : `${window} · port ${port}`;
}

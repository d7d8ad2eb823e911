/** Every change of the screen's own state. Pure: no engine, no Ink. */
import type { Order } from './arrange.ts';
import { type Edit, type EditLine, editLine, emptyLine, lineOf } from './edit-line.ts';
import {
  type AnswerOverlay,
  type LimitScope,
  type Notice,
  type Overlay,
  type Prompt,
  type PromptOverlay,
  TABS,
  type TabName,
  type UiState,
} from './ui-state.ts';

/** How far a key moves in the list or in a tab; infinite for the first and the last. */
interface Move {
  readonly type: 'move';
  readonly by: number;
  /** The torrents in the order of the list. */
  readonly order: readonly string[];
  /** How many rows the tab in view has. */
  readonly rowCount: number;
}

export type UiAction =
  | Move
  | { readonly type: 'show'; readonly view: 'list' | TabName }
  | { readonly type: 'turn-tab'; readonly by: 1 | -1 }
  | { readonly type: 'select'; readonly infoHash: string }
  | { readonly type: 'ask'; readonly prompt: Prompt; readonly text?: string }
  | { readonly type: 'edit'; readonly edit: Edit }
  | { readonly type: 'scope'; readonly scope: LimitScope; readonly text: string }
  | {
      readonly type: 'completed';
      /** The line that was asked about: one that changed meanwhile stays as it is. */
      readonly from: EditLine;
      readonly line: EditLine;
      readonly candidates: readonly string[];
      /** One line about what is being typed. */
      readonly help?: string | undefined;
    }
  | { readonly type: 'recalled'; readonly line: EditLine }
  | { readonly type: 'progress'; readonly progress: string }
  | { readonly type: 'submitted' }
  | { readonly type: 'accepted'; readonly notice: Notice; readonly answer?: AnswerOverlay }
  | { readonly type: 'refused'; readonly error: string }
  | { readonly type: 'overlay'; readonly overlay: Overlay }
  /** @param last - the line that is at the top when its end is in sight */
  | { readonly type: 'scroll'; readonly by: number; readonly last: number }
  | { readonly type: 'close' }
  | { readonly type: 'order'; readonly order: Order }
  | { readonly type: 'filter'; readonly filter: string }
  | { readonly type: 'notice'; readonly notice: Notice }
  | { readonly type: 'forget-notice'; readonly notice: Notice };

export function reduceUi(ui: UiState, action: UiAction): UiState {
  switch (action.type) {
    case 'move':
      return move(ui, action);
    case 'show':
      return action.view === ui.view ? ui : { ...ui, view: action.view, row: 0 };
    case 'turn-tab':
      return turnTab(ui, action.by);
    case 'select':
      return { ...ui, selected: action.infoHash, row: 0 };
    case 'overlay':
      return { ...ui, overlay: action.overlay };
    case 'scroll':
      return scroll(ui, action.by, action.last);
    case 'order':
      return { ...ui, order: action.order };
    case 'filter':
      return { ...ui, filter: action.filter, overlay: undefined };
    case 'close':
      return { ...ui, overlay: undefined };
    case 'notice':
      return { ...ui, notice: action.notice };
    case 'forget-notice':
      return ui.notice === action.notice ? { ...ui, notice: undefined } : ui;
    default:
      return reducePrompt(ui, action);
  }
}

type PromptAction = Extract<
  UiAction,
  {
    type:
      | 'ask'
      | 'edit'
      | 'scope'
      | 'completed'
      | 'recalled'
      | 'progress'
      | 'submitted'
      | 'accepted'
      | 'refused';
  }
>;

function reducePrompt(ui: UiState, action: PromptAction): UiState {
  if (action.type === 'ask') {
    const line = action.text === undefined ? emptyLine : lineOf(action.text);
    const overlay = { name: 'prompt', error: undefined, isBusy: false, candidates: [] } as const;
    return { ...ui, overlay: { ...overlay, prompt: action.prompt, line } };
  }
  const { overlay } = ui;
  if (overlay?.name !== 'prompt' || isLate(overlay, action)) return lateAnswer(ui, action);
  switch (action.type) {
    case 'edit': {
      if (overlay.isBusy) return ui;
      const line = editLine(overlay.line, action.edit);
      // What may follow in a command is asked anew after each letter: until then the old list stands.
      const candidates = overlay.prompt.purpose === 'command' ? overlay.candidates : [];
      return { ...ui, overlay: { ...overlay, line, error: undefined, candidates } };
    }
    case 'completed': {
      if (overlay.line !== action.from) return ui;
      const { line, candidates, help } = action;
      return { ...ui, overlay: { ...overlay, line, candidates, help, error: undefined } };
    }
    case 'recalled':
      return { ...ui, overlay: { ...overlay, line: action.line, candidates: [], help: undefined } };
    case 'progress':
      return overlay.isBusy ? { ...ui, overlay: { ...overlay, progress: action.progress } } : ui;
    case 'scope': {
      const prompt = { purpose: 'limits', scope: action.scope } as const;
      return { ...ui, overlay: { ...overlay, prompt, line: lineOf(action.text) } };
    }
    case 'submitted':
      return {
        ...ui,
        overlay: { ...overlay, isBusy: true, error: undefined, progress: undefined },
      };
    case 'accepted':
      return accept(ui, action.notice, action.answer);
    case 'refused':
      return { ...ui, overlay: { ...overlay, isBusy: false, error: action.error } };
  }
}

/** What there is to say, in a dialog or, in short, in a notice. */
function accept(ui: UiState, notice: Notice, answer: AnswerOverlay | undefined): UiState {
  return answer === undefined ? { ...ui, overlay: undefined, notice } : { ...ui, overlay: answer };
}

/** An answer to a prompt that was left: another one is open now. */
function isLate({ prompt, isBusy }: PromptOverlay, { type }: PromptAction): boolean {
  return (type === 'accepted' || type === 'refused') && !isBusy && prompt.purpose !== 'limits';
}

/** The prompt was left before its answer came: the answer is a notice, and in nobody's way. */
function lateAnswer(ui: UiState, action: PromptAction): UiState {
  if (action.type === 'accepted' && ui.overlay === undefined)
    return accept(ui, action.notice, action.answer);
  if (action.type === 'accepted') return { ...ui, notice: action.notice };
  if (action.type === 'refused') return { ...ui, notice: { tone: 'bad', text: action.error } };
  return ui;
}

/** Moves an answer or the help up or down, no further than to its ends. */
function scroll(ui: UiState, by: number, last: number): UiState {
  const { overlay } = ui;
  if (overlay?.name !== 'answer' && overlay?.name !== 'help') return ui;
  const first = within(overlay.first + by, last + 1);
  return { ...ui, overlay: { ...overlay, first } };
}

function move(ui: UiState, { by, order, rowCount }: Move): UiState {
  if (ui.view === 'log') return { ...ui, row: within(ui.row - by, rowCount) };
  if (ui.view !== 'list') return { ...ui, row: within(ui.row + by, rowCount) };
  const from = selectedIndex(order, ui.selected);
  const selected = order[within(from + by, order.length)];
  return { ...ui, selected };
}

function turnTab(ui: UiState, by: 1 | -1): UiState {
  if (ui.view === 'list') return { ...ui, view: TABS[0], row: 0 };
  const next = (TABS.indexOf(ui.view) + by + TABS.length) % TABS.length;
  return { ...ui, view: TABS[next]!, row: 0 };
}

/** Where the selected torrent is in the list; the first when none is selected, or it is gone. */
export function selectedIndex(order: readonly string[], selected: string | undefined): number {
  return selected === undefined ? 0 : Math.max(0, order.indexOf(selected));
}

function within(index: number, count: number): number {
  return Math.max(0, Math.min(index, count - 1));
}

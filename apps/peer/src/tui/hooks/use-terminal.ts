/** The terminal in other hands: for a repaint of what was damaged, and while the shell has it. */
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { useApp } from 'ink';
import { useEffect, useEffectEvent, useRef } from 'react';

export interface TerminalControls {
  /** Draws all of the screen, whatever is believed to stand on it. */
  readonly repaint: () => void;
  /** Stops the program, as Ctrl-Z does elsewhere; the shell's `fg` brings it back. */
  readonly suspend: () => void;
}

/** A program that its shell cannot stop is back on the screen after this long. */
const STOP_MS = 50;

/** Repaints by itself when the program goes on after it was stopped. */
export function useTerminal(): TerminalControls {
  const { suspendTerminal } = useApp();
  const isAway = useRef(false);
  const leave = (meanwhile: () => void | Promise<void>): void => {
    if (isAway.current) return;
    isAway.current = true;
    void suspendTerminal(meanwhile).finally(() => {
      isAway.current = false;
    });
  };
  const repaint = () => leave(() => {});
  const handleContinue = useEffectEvent(repaint);
  useEffect(() => {
    const listener = () => handleContinue();
    process.on('SIGCONT', listener);
    return () => void process.off('SIGCONT', listener);
  }, []);
  return { repaint, suspend: () => leave(stopHere) };
}

/** Stops the process group, as a terminal does. Time does not pass for it while it is stopped. */
async function stopHere(): Promise<void> {
  process.kill(0, 'SIGTSTP');
  await wait(STOP_MS);
}

/** Keeps the screen's own state. Keys that come in one go each see what the one before did. */
import { reduceUi, type UiAction } from './ui-reducer.ts';
import { initialUi, type UiState } from './ui-state.ts';

export interface UiStore {
  readonly getState: () => UiState;
  readonly dispatch: (action: UiAction) => void;
  /** @returns unsubscribe */
  readonly subscribe: (listener: () => void) => () => void;
}

export function createUiStore(): UiStore {
  let state = initialUi;
  const listeners = new Set<() => void>();
  return {
    getState: () => state,
    dispatch: (action) => {
      const next = reduceUi(state, action);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

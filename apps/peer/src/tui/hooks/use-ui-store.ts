/** The screen's own state, and the store it lives in. */
import { useState, useSyncExternalStore } from 'react';
import type { UiState } from '../state/ui-state.ts';
import { createUiStore, type UiStore } from '../state/ui-store.ts';

export function useUiStore(): readonly [UiState, UiStore] {
  const [store] = useState(createUiStore);
  return [useSyncExternalStore(store.subscribe, store.getState), store];
}

/** Sets and maps that keep the newest: the oldest makes room. Pure. */

/** Adds an item as the newest; of more than `limit` the oldest goes. */
export function addNewest<Item>(items: Set<Item>, item: Item, limit: number): void {
  items.delete(item);
  items.add(item);
  shedOldest(items, limit);
}

/** Puts a value as the newest; of more than `limit` the oldest goes. */
export function putNewest<Key, Value>(
  items: Map<Key, Value>,
  key: Key,
  value: Value,
  limit: number,
): void {
  items.delete(key);
  items.set(key, value);
  shedOldest(items, limit);
}

function shedOldest<Key>(items: Set<Key> | Map<Key, unknown>, limit: number): void {
  for (const oldest of items.keys()) {
    if (items.size <= limit) return;
    items.delete(oldest);
  }
}

/** A set that keeps the newest: the oldest makes room. Pure. */

/** Adds an item as the newest; of more than `limit` the oldest goes. */
export function addNewest<Item>(items: Set<Item>, item: Item, limit: number): void {
  items.delete(item);
  items.add(item);
  if (items.size <= limit) return;
  for (const oldest of items) {
    items.delete(oldest);
    return;
  }
}

/** The list of a key; an empty one is added if there is none. */
export function listIn<Key, Each>(lists: Map<Key, Each[]>, key: Key): Each[] {
  let list = lists.get(key)
  if (list === undefined) {
    list = []
    lists.set(key, list)
  }
  return list
}

/** Reads what copies a store, or gives it another master key: no server that serves needs it. */
export async function storeTools() {
  const [copy, rotate] = await Promise.all([import('./store-copy.ts'), import('./rotate-key.ts')])
  return { ...copy, ...rotate }
}

import { type Snapshots, snapshotName } from '../snapshots.ts'
import { type AdminRoute, Refusal, textIn } from './admin-route.ts'

/**
 * Saved states of the server. Only root and the administrator may use them: loading one gives everyone their
 * permissions of that time.
 */
export function snapshotRoutes(snapshots: Snapshots): readonly AdminRoute[] {
  const nameIn = (body: Readonly<Record<string, unknown>>): string => {
    const name = textIn(body, 'name', 64)
    if (!snapshotName.test(name))
      throw new Refusal(
        400,
        'name must begin with a letter or digit, and have letters, digits, ".", "_" and "-" only',
      )
    return name
  }
  return [
    {
      method: 'GET',
      path: /^\/_omen\/snapshots$/,
      answer: async () => ({ snapshots: await snapshots.list() }),
    },
    {
      method: 'POST',
      path: /^\/_omen\/snapshots\/(save|load|remove)$/,
      async answer([step], body) {
        const name = nameIn(body)
        if (step === 'save') return snapshots.save(name)
        if (step === 'load') return snapshots.load(name)
        await snapshots.remove(name)
        return { status: 'removed' }
      },
    },
  ]
}

import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Places } from './inside.ts'

/** Name resolution and user names, as far as programs need them. Functions read them as /etc. */
const etcFiles: Readonly<Record<string, string>> = {
  hosts: '127.0.0.1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
  passwd: 'root:x:0:0:root:/:/bin/false\nsbx_user1051:x:993:990::/tmp:/bin/false\n',
  group: 'root:x:0:\nsandbox:x:990:\n',
}

/** Creates the folders of an invocation in its own folder, which only the server can enter. */
export async function makePlaces(folder: string): Promise<Places> {
  const at = (name: string) => join(folder, name)
  const places = { code: at('task'), scratch: at('tmp'), etc: at('etc'), root: at('root'), way: at('way') }
  for (const path of [places.code, places.scratch, places.etc, places.root]) await readableFolder(path)
  for (const [name, text] of Object.entries(etcFiles)) {
    const file = join(places.etc, name)
    await writeFile(file, text)
    await chmod(file, 0o644)
  }
  return places
}

/** Creates a folder that the function's user can read, whatever the server's umask is. */
export async function readableFolder(path: string): Promise<void> {
  await mkdir(path)
  await chmod(path, 0o755)
}

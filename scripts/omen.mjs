// The omen command for the scripts of package.json. npm runs them in the checkout: files that the user names are relative
// to the folder where npm was called.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './root.mjs'

const bin = join(root, 'packages', 'server', 'bin', 'omen.mjs')
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD)
process.argv[1] = bin // hints say how the command was started
await import(pathToFileURL(bin).href)

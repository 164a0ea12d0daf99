// What is loaded into nodes of tests reads some sources otherwise.

import { registerHooks } from 'node:module'

/** From now on, the source whose path ends with `file` is loaded with `instead` for `here`. @throws if it has no `here` */
export function rewrite(file, here, instead) {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      if (!url.endsWith(file)) return loaded
      const source = String(loaded.source)
      if (!source.includes(here))
        throw new Error(`${file} has no ${here}: change what the test loads into nodes`)
      return { ...loaded, source: source.replaceAll(here, instead) }
    },
  })
}

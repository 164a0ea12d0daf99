// Loaded into the nodes of a test: no path is searched after a change. The searches are two thirds of the work of all nodes;
// watch.test.ts has nodes that watch, and the soak.

import { rewrite } from './rewrite.mjs'

rewrite('gate/watch/path-watch.ts', 'const principalsMost = 20_000', 'const principalsMost = 0')

// Loaded into the nodes of a test: trails deliver and leases end within moments.

import { rewrite } from './rewrite.mjs'

rewrite('gate/minute.ts', '60_000', '400')
rewrite(
  'gate/invocations.ts',
  'claim: 30_000, renew: 10_000, look: 5_000',
  'claim: 1_500, renew: 400, look: 300',
)
rewrite('gate/history.ts', 'leaseMilliseconds = 150_000', 'leaseMilliseconds = 1_500')
rewrite('delivery/rounds.ts', 'interval = 300_000', 'interval = 400')

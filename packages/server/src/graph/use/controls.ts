import type { Technique } from '../../authorization/catalogue/index.ts'
import type { Prover } from '../proof/prove.ts'
import type { Shared } from '../relevance/shared.ts'
import { signatureOf } from '../relevance/signature.ts'
import type { Actor } from '../request/actor.ts'
import type { Resource } from '../world/world.ts'

/** Whether an actor can run code on an instance, whatever role it runs as, by techniques of which it has every Allow. */
export function controls(
  { shared, prover }: { readonly shared: Shared; readonly prover: Prover },
  techniques: readonly Technique[],
  actor: Actor,
  instance: Resource,
): 'yes' | 'no' | 'unknown' {
  let answer: 'no' | 'unknown' = 'no'
  const target = shared.index.roleOf(instance.role)
  for (const technique of techniques) {
    if (technique.gives !== 'run' || technique.workloads?.includes(instance.type) !== true) continue
    if (shared.abilities.isBarred(actor, technique)) continue
    const binding = { target, workload: instance }
    const prove = () => prover.prove(actor, technique, binding)
    const finding = shared.found(signatureOf({ shared, prover, technique, actor }, binding), prove)
    if (finding?.verdict === 'proven') return 'yes'
    if (finding?.verdict === 'conditional' || finding?.verdict === 'undecided') answer = 'unknown'
  }
  return answer
}

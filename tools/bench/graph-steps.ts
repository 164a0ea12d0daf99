import { managedPolicies, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf, readInventory, readWorld, StepBudget } from '../../packages/server/src/graph/index.ts'
import { accountOf } from './graph-account.ts'
const size = Number(process.argv[2] ?? 1000)
const { details, inventory } = accountOf({ account: '111122223333', users: size, roles: size })
const world = readWorld({ details, inventory: readInventory(inventory), awsPolicy: (arn) => managedPolicies().find(arn)?.document })
const b0 = performance.now()
const graph = graphOf(world, techniqueTable())
graph.prepare()
console.log('built', Math.round(performance.now() - b0))
const people = [...world.users.values(), ...world.roles.values()]
if (process.argv[3] !== undefined) {
  const from = graph.find(process.argv[3])
  if (from === undefined) throw new Error('nobody')
  const t9 = performance.now()
  const budget = new StepBudget(undefined, undefined, () => performance.now() - t9 > Number(process.env.MS ?? 1e9))
  const b = performance.now()
  const a = graph.paths(from, undefined, { budget, ...(process.argv[4] === undefined ? { most: 1 } : {}) })
  console.log(a.verdict, budget.taken, Math.round(performance.now() - b), a.incomplete, a.paths[0]?.steps.map((s) => s.technique))
} else {
  const budget = new StepBudget()
  const b1 = performance.now()
  let last = 0
  const per: [number, number][] = []
  const gen = graph.comersOneByOne(undefined, { budget })
  let i = 0
  for (const p of process.argv[4] ? [] : []) void p
  for (;;) {
    const t = performance.now()
    const { value, done } = gen.next()
    per.push([budget.taken - last, performance.now() - t]); if (budget.taken - last > 1500) console.log('long', i, budget.taken - last); last = budget.taken
    i++
    if (done) { const all = value as readonly any[]; console.log('found', all.length, 'proven', all.filter((x) => x.verdict === 'proven').length, 'cond', all.filter((x) => x.verdict === 'conditional').length, 'und', all.filter((x) => x.verdict === 'undecided').length, 'steps', budget.taken, 'ms', Math.round(performance.now() - b1), 'unfinished', [...budget.unfinished].slice(0, 10)); break }
  }
  per.sort((a, b) => b[0] - a[0])
  console.log('largest', per.slice(0, 6).map(([s, t]) => `${s}/${Math.round(t)}ms`).join(' '))
  const g2 = graphOf(world, techniqueTable()); g2.prepare()
  const times = Array.from({ length: 100 }, (_, place) => { const p = people[(place * 7919) % people.length]!; const t = performance.now(); g2.paths(p); return performance.now() - t }).sort((a, b) => a - b)
  console.log('question p50', times[50]!.toFixed(1), 'p95', times[95]!.toFixed(1), 'max', times[99]!.toFixed(1))
}

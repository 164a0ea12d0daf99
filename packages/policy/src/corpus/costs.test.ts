// A process of its own: it counts steps, and what other tests asked before would save some.
import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import { compile } from '../compile/compile.ts'
import { layerOf, type StatementInput, user } from '../fixture.ts'
import { principalContext } from '../request/principal-context.ts'
import { blockOf } from '../witness/block.ts'
import { byCases } from '../witness/by-cases.ts'
import { Question } from '../witness/prepare.ts'
import type { Asked, OpenRequest } from '../witness/question.ts'
import { solve } from '../witness/search.ts'
import { Steps } from '../witness/steps.ts'
import { questionOf } from '../witness/witness-twin.ts'

/** A line: one of the small questions by its number, or what is open with the statements of an identity policy. */
interface Case extends Partial<Pick<OpenRequest, 'resource' | 'chosen' | 'open' | 'absent'>> {
  readonly identity: readonly StatementInput[]
}

function askedBy(line: string): readonly Asked[] {
  if (line.startsWith('question ')) return questionOf(Number(line.slice('question '.length)))
  const { identity, resource = '*', ...open }: Case = JSON.parse(line)
  const context = principalContext(user)
  return [
    {
      request: {
        principal: user,
        action: 's3:GetObject',
        resource,
        resourceAccount: '123456789012',
        context,
        ...open,
      },
      policies: compile({ identity: layerOf('identity', ...identity) }),
    },
  ]
}

/** What a part of the search takes, and how it ends. */
function costOf(part: string, steps: Steps, work: () => object | undefined): string {
  const before = steps.used
  const found = work() !== undefined
  return `${part} ${steps.used - before}${found ? '' : steps.isIncomplete ? ' undecided' : ' none'}`
}

// Results are kept for later questions, so the order of the cases counts.
test('the steps of the search for each case of costs.txt', () => {
  checkCorpus(join(import.meta.dirname, 'costs.txt'), (line) => {
    const steps = new Steps(200_000)
    const question = new Question(askedBy(line), steps)
    let solution: ReturnType<typeof solve>
    const costs = [
      `read ${steps.used}`,
      costOf('solve', steps, () => {
        solution = solve(question.problems(), steps)
        return solution
      }),
    ]
    const found = solution
    if (found === undefined) costs.push(costOf('block', steps, () => blockOf(question)))
    else if (found.residual.length > 0) {
      const more = new Steps(50_000)
      costs.push(costOf('cases', more, () => byCases(question, found, more)))
    }
    return [costs.join(', ')]
  })
})

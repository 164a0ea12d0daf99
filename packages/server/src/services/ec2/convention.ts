import type { AccessRequest, Call, Operation, Operations } from '../../authorization/index.ts'
import { assert } from '../../base/index.ts'
import { ec2Event } from './event.ts'
import { dryRunFault } from './faults.ts'

type Input = Readonly<Record<string, unknown>>

/**
 * The conventions of all of EC2's operations: ec2:Region in every question (behaviour EC2-6), a dry run that executes
 * everything and then undoes it (EC2-7), and events in EC2's own form (EC2-80).
 */
export function withConventions<Ops extends Operations>(operations: Ops): Ops {
  const wrapped = Object.entries(operations).map(([name, operation]) => [name, withConvention(operation)])
  return Object.fromEntries(wrapped) as Ops // the same names, each operation with the same types
}

function withConvention(operation: Operations[string]): Operations[string] {
  assert(operation.run !== undefined, 'all operations of EC2 run')
  const { requests, resource, context, run, event, ...rest } = operation as Operation<Input, unknown> // never is a parameter of any type
  const wrapped: Operation<Input, unknown> = {
    ...rest,
    requests: (input, call) => {
      const requestsOfOperation =
        requests?.(input, call) ?? ownRequests(resource?.(input, call), context?.(input, call), call)
      return requestsOfOperation.map((each) => ({
        ...each,
        context: { ...each.context, 'ec2:Region': call.region },
        // EC2 names no resource for actions that have none (behaviour EC2-18)
        ...(each.resource === '*' ? { resourceInSentence: null } : {}),
      }))
    },
    run(input, call, prepared) {
      const output = run(input, call, prepared)
      // a fault undoes the changes: the dry run has executed everything
      if (input.DryRun === true) throw dryRunFault()
      // an empty answer counts as one: its event records it (behaviour EC2-81)
      return output ?? {}
    },
    event: (input, output, call) => ({ ...ec2Event(input, output, call), ...event?.(input, output, call) }),
  }
  return wrapped as Operations[string] // it takes what the operation took
}

function ownRequests(
  resources: string | readonly string[] | undefined,
  context: AccessRequest['context'],
  call: Call,
): readonly AccessRequest[] {
  const action = `ec2:${call.operation.name}`
  const list = typeof resources === 'object' ? resources : [resources ?? '*']
  return list.map((resource) => ({ action, resource, ...(context && { context }) }))
}

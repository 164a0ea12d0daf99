import type { ServiceModel } from '../../model/index.ts'
import type { Route } from '../types.ts'
import { type Check, Checks, type Failure } from './check.ts'
import { constraintFault } from './fault.ts'

const checks = new WeakMap<ServiceModel, Checks>()
const unconstrained: Check = () => {}

/** The function that holds an operation's input against its model. @throws Fault with AWS's text */
export function constraintsOf(route: Route): (input: Record<string, unknown>) => void {
  const { service, operation } = route
  let shared = checks.get(service)
  if (!shared) {
    shared = new Checks(service)
    checks.set(service, shared)
  }
  const check = (operation.input && shared.of(operation.input)) || unconstrained
  return (input) => {
    const failures: Failure[] = []
    check(input, '', failures)
    if (failures.length > 0) throw constraintFault(service, failures)
  }
}

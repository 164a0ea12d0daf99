import { perObject } from '../../base/index.ts'
import type { ServiceModel } from '../../model/index.ts'
import type { Route } from '../types.ts'
import { type Check, Checks, type Failure } from './check.ts'
import { constraintFault } from './fault.ts'

const checksOf = perObject((service: ServiceModel) => new Checks(service))
const unconstrained: Check = () => {}

/** Returns the function that checks an operation's input against its model. @throws Fault with AWS's text */
export function constraintsOf(route: Route): (input: Record<string, unknown>) => void {
  const { service, operation } = route
  const check = (operation.input && checksOf(service).of(operation.input)) || unconstrained
  return (input) => {
    const failures: Failure[] = []
    check(input, '', failures)
    if (failures.length > 0) throw constraintFault(service, failures, operation.name)
  }
}

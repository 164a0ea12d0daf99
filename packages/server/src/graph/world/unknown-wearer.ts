import type { Inventory, Thing } from './world.ts'

/** Types of which every resource wears a role. */
const alwaysWearing: ReadonlySet<string> = new Set([
  'AWS::Lambda::Function',
  'AWS::CodeBuild::Project',
  'AWS::StepFunctions::StateMachine',
  'AWS::SageMaker::NotebookInstance',
  'AWS::Glue::Job',
  'AWS::Glue::DevEndpoint',
])

/** Whether a resource wears a role that no file names. */
export function isUnknownWearer({ role, type, facts }: Thing): boolean {
  return role === undefined && (alwaysWearing.has(type) || facts.roleUnknown === true)
}

const known = new WeakMap<readonly Thing[], boolean>()

/** Whether some resource wears a role that no file names. */
export function hasUnknownWearers({ things }: Inventory): boolean {
  if (things === undefined) return false
  let found = known.get(things)
  if (found === undefined) {
    found = things.some(isUnknownWearer)
    known.set(things, found)
  }
  return found
}

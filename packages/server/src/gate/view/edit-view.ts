import type { Edit, ElementName } from '@omen-iam/policy'
import type { EditView } from '../../views/index.ts'
import { policyTitle } from './policy-title.ts'
import { nameOf } from './statement-view.ts'

/** An edit as people and programs read it: where it is made, and what it changes there. */
export function viewEdit(edit: Edit): EditView {
  const { policy, statement, ...rest } = edit
  const place = policy === undefined ? 'a new policy' : nameOf(policy.source)
  const title = policy === undefined ? 'a new policy' : policyTitle(policy)
  return edit.type === 'addStatement'
    ? { ...rest, policy: place, title, statement }
    : {
        ...rest,
        policy: place,
        title,
        sid: edit.statement.sid,
        index: edit.statement.index,
        line: edit.statement.span.start.line,
        ...elementOf(edit),
      }
}

/** In which element of the statement a value is added. */
function elementOf(edit: Edit): { readonly element?: ElementName } {
  switch (edit.type) {
    case 'addAction':
      return { element: edit.statement.action.negated ? 'NotAction' : 'Action' }
    case 'addResource':
      return { element: edit.statement.resource?.negated ? 'NotResource' : 'Resource' }
    case 'addPrincipal':
      return { element: edit.statement.principal?.negated ? 'NotPrincipal' : 'Principal' }
    default:
      return {}
  }
}

import type { Edit } from '@omen-iam/policy'

interface Written {
  [element: string]: unknown
}

/** A document's text with an edit made as a person would make it; empty where no statement is left. */
export function edited(text: string, edit: Edit): string {
  const document = JSON.parse(text) as { Statement: Written | Written[] }
  const statements = [document.Statement].flat()
  if (edit.type === 'addStatement') statements.push({ ...edit.statement })
  else {
    const statement = statements[edit.statement.index]!
    switch (edit.type) {
      case 'addAction':
        add(statement, edit.statement.action.negated ? 'NotAction' : 'Action', edit.action)
        break
      case 'addResource':
        add(statement, edit.statement.resource?.negated ? 'NotResource' : 'Resource', edit.resource)
        break
      case 'addPrincipal':
        add(
          (statement.Principal ?? statement.NotPrincipal) as Written,
          edit.principal.type,
          edit.principal.value,
        )
        break
      case 'addConditionValue':
        add((statement.Condition as Record<string, Written>)[edit.operator]!, edit.key, edit.value)
        break
      case 'removeCondition': {
        const condition = statement.Condition as Record<string, Written>
        delete condition[edit.operator]![edit.key]
        break
      }
      case 'removeValue':
        statement[edit.element] = [statement[edit.element]].flat().filter((value) => value !== edit.value)
        break
      case 'removeStatement':
        statements.splice(edit.statement.index, 1)
        break
    }
  }
  return statements.length === 0 ? '' : JSON.stringify({ ...document, Statement: statements })
}

function add(to: Written, name: string, value: string): void {
  const before = to[name] as string | string[] | undefined
  to[name] = before === undefined ? value : [before, value].flat()
}

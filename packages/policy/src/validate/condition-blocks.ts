import type { Path } from '../document/finding.ts'
import { type JsonNode, parseJson } from '../document/json.ts'
import type { Report } from '../parse/report.ts'

/** The deepest nesting that is looked at; the parser refuses documents that are nested deeper. */
const deepest = 32

/** Conditions without any key, and values of several JSON types: the policy that is read no longer says it (behaviour LNT-20). */
export function checkConditionBlocks(text: string, report: Report): void {
  const root = parseJson(text, deepest)
  if (root.type === 'problem') return
  const statements = memberOf(root, 'Statement')
  const list = statements?.type === 'list' ? statements.items : [statements]
  for (const [index, statement] of list.entries()) {
    const condition = memberOf(statement, 'Condition')
    if (condition?.type !== 'object') continue
    const path = ['Statement', index, 'Condition']
    noteEmpty(condition, path, report)
    for (const { key: operator, value: block } of condition.members) {
      noteEmpty(block, [...path, operator.value], report)
      for (const { key, value } of block.type === 'object' ? block.members : [])
        noteTypes(value, [...path, operator.value, key.value], report)
    }
  }
}

function memberOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.type === 'object' ? node.members.findLast(({ key }) => key.value === name)?.value : undefined
}

function noteEmpty(node: JsonNode, path: Path, report: Report): void {
  if (node.type !== 'object' || node.members.length > 0) return
  const message = 'This condition block is empty and it does not affect the policy. Specify conditions.'
  report.note('suggestion', 'EMPTY_OBJECT_CONDITION', message, path, report.span(node))
}

function noteTypes(node: JsonNode, path: Path, report: Report): void {
  if (node.type !== 'list') return
  const types = new Set(node.items.map((item) => (item.type === 'scalar' ? typeof item.value : item.type)))
  if (types.size < 2) return
  const message =
    'The condition value data types do not match. Use condition values of the same JSON data type.'
  report.note('error', 'INVALID_CONDITION_DATA_TYPE', message, path, report.span(node))
}

import type { Case } from './case.ts'
import { isContextValue, isList, isObject, problemsOf } from './shape.ts'

export type ParsedCases =
  | { readonly ok: true; readonly cases: readonly Case[] }
  | { readonly ok: false; readonly message: string }

/** Maximum cases of one file. */
const maxCases = 10_000

/** Reads a case file: one case or a list of them. */
export function parseCases(text: string): ParsedCases {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : 'invalid JSON' }
  }
  const list = isList(value) ? value : [value]
  if (list.length > maxCases) return { ok: false, message: `more than ${maxCases} cases` }
  const cases: Case[] = []
  for (const [index, item] of list.entries()) {
    const problem = problemsOf(item, caseMembers, '')
    if (problem !== undefined) return { ok: false, message: `case ${index + 1}: ${problem}` }
    // The shape has just been checked.
    cases.push(item as Case)
  }
  return { ok: true, cases }
}

const documents = {
  wants: 'a list of policies',
  test: (value: unknown) => isList(value) && value.every(isObject),
}
const levels = {
  wants: 'a list of lists of policies',
  test: (value: unknown) => isList(value) && value.every(documents.test),
}
const text = { wants: 'a string', test: (value: unknown) => typeof value === 'string' }

const request = {
  principal: {
    required: true,
    wants: 'an ARN, "*" or { "service": … }',
    test: (value: unknown) =>
      typeof value === 'string' || (isObject(value) && typeof value.service === 'string'),
  },
  action: { required: true, ...text },
  resource: { required: true, ...text },
  resourceAccount: text,
  context: {
    wants: 'an object of strings, numbers, booleans or lists of them',
    test: (value: unknown) => isObject(value) && Object.values(value).every(isContextValue),
  },
}

const policies = {
  identity: documents,
  boundary: documents,
  session: documents,
  resource: { wants: 'a policy', test: isObject },
  scp: levels,
  rcp: levels,
  endpoint: documents,
}

const caseMembers = {
  name: { required: true, ...text },
  request: { required: true, members: request },
  policies: { required: true, members: policies },
  expect: {
    required: true,
    wants: 'allowed, explicitDeny or implicitDeny',
    test: (value: unknown) => value === 'allowed' || value === 'explicitDeny' || value === 'implicitDeny',
  },
  because: text,
}

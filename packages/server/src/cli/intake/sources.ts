import type { GivenFile } from '../../intake/index.ts'
import { membersOf, parseSource } from '../../sources/index.ts'

/** The members of a seed. No answer of AWS and no template has one of these names at its top. */
const seedMembers = new Set([
  '$schema',
  'alias',
  'policies',
  'groups',
  'users',
  'roles',
  'accounts',
  'organization',
])

/** Characters beyond which a file is not tried as a seed: seeds are written by hand. */
const seedCharacters = 4 * 1024 * 1024

/** Names of members that answers of AWS, templates and Terraform have at their top, and no seed. */
const foreignMember = /^(?:[A-Z].*|request|format_version|terraform_version|planned_values|version)$/

/** Returns whether a file is one of Omen's seeds. */
export function isSeed(file: GivenFile): boolean {
  return namesOf(file).some((name) => seedMembers.has(name)) && !isForeign(file)
}

/**
 * Returns whether a file is certainly not a seed: an answer of AWS, a template, a state of Terraform or a credential
 * report.
 */
function isForeign(file: GivenFile): boolean {
  const { text } = file
  if (text.length > seedCharacters || /^\s*\[/.test(text) || text.startsWith('user,arn,')) return true
  return namesOf(file).some((name) => foreignMember.test(name))
}

function namesOf({ name, text }: GivenFile): readonly string[] {
  if (text.length > seedCharacters) return []
  const root = parseSource(text, name)
  return root.type === 'object' ? membersOf(root).map(({ key }) => key.value) : []
}

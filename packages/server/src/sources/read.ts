import { guessKind, type JsonNode, type JsonProblem, Lines, parseJson } from '@omen-iam/policy'
import { isAccount, policiesOfAccount } from './account.ts'
import { isTemplate, policiesOfTemplate } from './cloudformation.ts'
import { Collector } from './collect.ts'
import { LimitReached, limits } from './limits.ts'
import { isPolicyDocument, member, membersOf, textOf } from './nodes.ts'
import type { SourceFile, SourceOptions, WrittenPolicy } from './source.ts'
import { isTerraform, policiesOfTerraform } from './terraform.ts'
import { asShown } from './terraform-state.ts'
import { problemAt } from './tree.ts'
import { parseYaml } from './yaml.ts'

/**
 * Finds the policies in the text of a file: a policy document, a CloudFormation or SAM template, a Terraform plan or
 * state in JSON, or the AWS CLI's output about an account. Never throws, whatever the text is; time and memory are
 * bounded by the file's length and the limits of this folder.
 */
export function readPolicySources(text: string, options: SourceOptions): SourceFile {
  try {
    return read(text, options)
  } catch (error) {
    if (error instanceof LimitReached) return unreadable(text, problemAt(error.message, error.start))
    throw error
  }
}

function read(text: string, options: SourceOptions): SourceFile {
  const isJson = /^\s*[{[]/.test(text) || options.file.endsWith('.json')
  if (text.length > (isJson ? limits.jsonCharacters : limits.yamlCharacters))
    return unreadable(text, problemAt('The file is too long.'))
  const parsed = isJson ? parseJson(text, limits.depth) : undefined
  // a flow collection of YAML begins as JSON does
  const documents =
    parsed !== undefined && (parsed.type !== 'problem' || options.file.endsWith('.json'))
      ? parsed
      : parseYaml(text)
  if ('type' in documents && documents.type === 'problem') return unreadable(text, documents)
  if ('type' in documents) return fileOf(documents, text, options, isPolicy(documents))
  const files = documents.map((root) => fileOf(root, text, options, false))
  const found = files.filter((file) => file.form !== 'other' && file.form !== 'unreadable')
  const [first] = found
  if (first === undefined) return { form: 'other' }
  return {
    form: first.form,
    policies: found.flatMap(({ policies }) => policies),
    unread: found.flatMap(({ unread = [] }) => unread),
  }
}

/** Returns whether the whole is meant as a policy, though a mistake may hide its Statement. */
function isPolicy(root: JsonNode): boolean {
  if (isPolicyDocument(root)) return true
  if (!membersOf(root).every(({ key }) => !forms.test(key.value))) return false
  return /^20(?:08|12)-10-17$/.test(textOf(member(root, 'Version')) ?? '')
}

/** Members of other forms, some of which have a Version, too. */
const forms = /^(?:Resources|Parameters|UserDetailList|RoleDetailList)$/

/** The content of one document of a file; `isWhole` if the file's own text is the policy. */
function fileOf(tree: JsonNode, text: string, options: SourceOptions, isWhole: boolean): SourceFile {
  if (isWhole) return { form: 'policy', policies: [wholePolicy(text, options)] }
  const root = asShown(tree)
  if (isPolicy(root)) {
    const collector = new Collector(text, 'policy', options)
    collector.add(root, { property: '', isCertain: true })
    return { form: 'policy', policies: collector.policies }
  }
  if (isTemplate(root)) return { form: 'cloudformation', ...policiesOfTemplate(root, text, options) }
  if (isTerraform(root)) return { form: 'terraform', policies: policiesOfTerraform(root, text, options) }
  if (!isAccount(root)) return { form: 'other' }
  const policies = policiesOfAccount(root, text, options)
  return policies.length === 0 ? { form: 'other' } : { form: 'account', policies }
}

/** A file that is a policy in JSON, for its own text, whether or not it can be read. */
export function wholePolicy(text: string, options: SourceOptions): WrittenPolicy {
  return {
    file: options.file,
    form: 'policy',
    property: '',
    kind: options.kind ?? guessKind(text),
    isKindGuessed: options.kind === undefined,
    attachedTo: [],
    isAwsManaged: false,
    text,
    unknown: [],
    place: (span) => span,
  }
}

function unreadable(text: string, { message, start, end }: JsonProblem): SourceFile {
  return { form: 'unreadable', message, span: new Lines(text).span(start, Math.min(end, text.length)) }
}

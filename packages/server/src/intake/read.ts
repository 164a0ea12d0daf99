import type { JsonNode } from '@omen-iam/policy'
import { type Partition, parseAccountId, parsePartition } from '../base/index.ts'
import type { Image } from '../image/index.ts'
import { foreignForm, itemsOf, member } from '../sources/index.ts'
import { accountReaders } from './answers/account.ts'
import type { Answer, AnswerAccount, AnswerReader, Reading } from './answers/answer.ts'
import { centerReaders } from './answers/center.ts'
import { credentialReport } from './answers/credential-report.ts'
import { credentialReaders } from './answers/credentials.ts'
import { identityReaders } from './answers/identities.ts'
import { lenderReaders } from './answers/lenders.ts'
import { organizationReaders } from './answers/organization.ts'
import { resourcePolicyReaders } from './answers/resource-policies.ts'
import { Draft } from './draft.ts'
import { Fields } from './fields.ts'
import { isInventoryCall } from './inventory/inventory.ts'
import { intakeLimits } from './limits.ts'
import { IntakeProblem } from './problem.ts'
import { type GivenFile, isCsv, SourceFile } from './source-file.ts'
import { imageOfTemplates, isTemplateSource, type TemplateSource } from './templates/index.ts'

/** Values that files do not contain. */
export interface ReadOptions {
  /** The account of answers that do not name theirs. If absent, that of the other files of the same folder, or of all files. */
  readonly account?: string
  readonly partition?: Partition
  /** The region of templates. Default: `us-east-1`. */
  readonly region?: string
  /** Values of the parameters of templates. */
  readonly parameters?: Readonly<Record<string, string>>
  /** The name of the stack of a template; if absent, that of its file. */
  readonly stack?: string
  /** Reads a template that another nests and that is not among the files. */
  readonly readNested?: (file: string) => string | undefined
}

const readers: readonly AnswerReader[] = [
  ...centerReaders,
  ...identityReaders,
  ...credentialReaders,
  ...accountReaders,
  ...organizationReaders,
  ...resourcePolicyReaders,
  ...lenderReaders,
]

/** An answer whose reader is known. */
interface Recognised {
  readonly answer: Answer
  readonly reader: AnswerReader
}

/** Reads files of answers into one image. They are recognised by their content: names and order mean nothing. */
export class ImageReader {
  readonly #draft = new Draft()
  readonly #options: ReadOptions
  /** Answers whose account only other files contain, by folder. */
  readonly #waiting: Recognised[] = []
  readonly #templates: TemplateSource[] = []
  readonly #accountsByFolder = new Map<string, Map<string, AnswerAccount>>()
  readonly #accounts = new Map<string, AnswerAccount>()
  readonly #reading: Reading

  constructor(options: ReadOptions = {}) {
    this.#options = options
    this.#reading = { draft: this.#draft, accountOf: (answer) => this.#accountOf(answer) }
  }

  /**
   * Reads one file. Its content is taken; the file itself can be dropped, unless its account is not known yet. @throws
   * IntakeProblem at what cannot be taken
   */
  read(given: GivenFile): void {
    const folder = folderOf(given.name)
    this.#draft.onAccount = (id, partition) => this.#note(folder, { id, partition })
    if (isCsv(given.text)) credentialReport(given.text, { file: given.name, line: 0, column: 1 }, this.#draft)
    else {
      const file = SourceFile.parse(given)
      for (const root of file.roots) this.#readRoot(file, root)
    }
    this.#draft.onAccount = () => {}
  }

  /** The image of all files. @throws IntakeProblem if they contradict each other, or an account is not known */
  image(): Image {
    for (const { answer, reader } of this.#waiting) reader.read(answer, this.#reading)
    this.#waiting.length = 0
    this.#readTemplates()
    return this.#draft.image()
  }

  /** Users, groups, roles and policies that were read so far: of them, nothing stays in the reader. */
  takeIdentities(): Image {
    return this.#draft.takeIdentities()
  }

  #readRoot(file: SourceFile, root: JsonNode): void {
    if (isTemplateSource(root)) {
      this.#templates.push({ file: file.name, text: file.text, root })
      return
    }
    // pages of one answer may be kept as a list
    if (root.type === 'list') {
      if (root.items.length > intakeLimits.files) file.refuse(root, `more than ${intakeLimits.files} answers`)
      for (const item of itemsOf(root)) this.#readAnswer(file, item)
    } else this.#readAnswer(file, root)
  }

  #readAnswer(file: SourceFile, node: JsonNode): void {
    const answer = answerOf(new Fields(file, node))
    if (node.type === 'object' && isEmptyAnswer(answer.fields)) return
    const reader =
      node.type === 'object' ? readers.find((each) => each.fits(answer.fields, answer)) : undefined
    if (reader === undefined) {
      const reason = isInventory(answer.fields, answer.call)
        ? 'it is inventory, which no account contains'
        : (foreignForm(node) ?? 'it is no answer of AWS that Omen takes, and no template')
      this.#draft.notTake({ at: file.place(node), kind: 'file', name: file.name, reason })
    } else if (reader.isLate !== true && (reader.namesAccount || answer.account !== undefined))
      reader.read(answer, this.#reading)
    else this.#waiting.push({ answer, reader })
  }

  /** All templates together: one may import what another exports. */
  #readTemplates(): void {
    if (this.#templates.length === 0) return
    const { account, partition, region, parameters, stack, readNested } = this.#options
    const [only] = this.#accounts.size === 1 ? this.#accounts.keys() : []
    const home = account ?? only
    const image = imageOfTemplates(this.#templates, {
      ...(home === undefined ? {} : { account: home }),
      ...(partition === undefined ? {} : { partition }),
      ...(region === undefined ? {} : { region }),
      ...(parameters === undefined ? {} : { parameters }),
      ...(stack === undefined ? {} : { stack }),
      ...(readNested === undefined ? {} : { read: readNested }),
      exact: true,
    })
    this.#templates.length = 0
    this.#draft.addImage(image)
  }

  #note(folder: string, account: AnswerAccount): void {
    let accounts = this.#accountsByFolder.get(folder)
    if (accounts === undefined) {
      accounts = new Map()
      this.#accountsByFolder.set(folder, accounts)
    }
    accounts.set(account.id, account)
    this.#accounts.set(account.id, account)
  }

  #accountOf({ account, fields }: Answer): AnswerAccount {
    if (account !== undefined) return account
    const { account: text, partition = 'aws' } = this.#options
    const id = text === undefined ? undefined : parseAccountId(text)
    if (id !== undefined) return { id, partition }
    const inFolder = [...(this.#accountsByFolder.get(folderOf(fields.file.name))?.values() ?? [])]
    const all = inFolder.length > 0 ? inFolder : [...this.#accounts.values()]
    const [only] = all
    if (only !== undefined && all.length === 1) return only
    throw new IntakeProblem(
      fields.at,
      all.length === 0
        ? 'nothing says which account this is of: give --account, or add the answer of get-caller-identity'
        : `this may be of any of ${all.map(({ id: each }) => each).join(', ')}: put it in a folder with one of them, or give --account`,
    )
  }
}

/** Reads files into one image. @throws IntakeProblem, and then nothing is to be taken */
export function readImage(files: readonly GivenFile[], options: ReadOptions = {}): Image {
  const reader = new ImageReader(options)
  for (const file of files) reader.read(file)
  return reader.image()
}

/**
 * The answer in an object: the object itself, or what the script of `omen import --how` writes, which has the request as
 * well: `{"request": {"account": …, "input": {…}}, "answer": {…}}`.
 */
function answerOf(fields: Fields): Answer {
  const request = fields.inner('request')
  if (!fields.has('request') || !fields.has('answer')) return { fields, input: undefined, account: undefined }
  const id = parseAccountId(request.text('account', /^\d{12}$/) ?? '')
  const partition = parsePartition(request.text('partition') ?? 'aws') ?? 'aws'
  return {
    fields: fields.inner('answer'),
    input: request.has('input') ? request.inner('input') : undefined,
    account: id === undefined ? undefined : { id, partition },
    call: request.text('call'),
    region: request.text('region', /^[a-z0-9-]{0,32}$/) || undefined,
  }
}

/**
 * Answers about resources that wear roles: the script of `omen import --how` fetches them for the graph's inventory.
 */
const inventory = [
  'Functions',
  'Reservations',
  'IamInstanceProfileAssociations',
  'LaunchTemplates',
  'AutoScalingGroups',
  'InstanceInformationList',
  'Stacks',
  'Summaries',
  'projects',
  'NotebookInstances',
  'DevEndpoints',
  'clusterArns',
  'Streams',
  'OpenIDConnectProviderList',
  'SAMLProviderList',
]

function isInventory(fields: Fields, call: string | undefined): boolean {
  return (call !== undefined && isInventoryCall(call)) || inventory.some((name) => fields.has(name))
}

/** Returns whether all members are empty lists or carry no data: a page without content. */
function isEmptyAnswer({ node }: Fields): boolean {
  return (
    node.type === 'object' &&
    node.members.every(
      ({ key, value }) =>
        (value.type === 'list' && value.items.length === 0 && member(node, 'ClientIDList') === undefined) ||
        (value.type === 'scalar' && key.value === 'IsTruncated') ||
        key.value === 'Marker' ||
        key.value === 'NextToken',
    )
  )
}

function folderOf(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'), 0))
}

import { type Given, unknownPart } from '../../sources/index.ts'
import { parseXml, type XmlElement } from '../../wire/index.ts'
import type { StackPlace } from './place.ts'

/** A request to the upstream. */
export interface UpstreamQuestion {
  readonly service: 'cloudformation' | 's3'
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body?: string
}

/** Sends a request to the upstream with its own key. @throws an error if it does not answer */
export type AskUpstream = (
  question: UpstreamQuestion,
  place: StackPlace,
) => Promise<{ readonly status: number; readonly text: string }>

/** The upstream's data about a stack. */
export interface KnownStack {
  readonly name: string
  readonly parameters: ReadonlyMap<string, Given>
  readonly roleArn: string | undefined
  readonly tags: ReadonlyMap<string, string>
  readonly status: string
}

/** The upstream's data about stacks, requested each time, because others change it. */
export class UpstreamStacks {
  readonly #ask: AskUpstream

  constructor(ask: AskUpstream) {
    this.#ask = ask
  }

  /** A stack by name or ARN; undefined if there is none. */
  async find(stack: string, place: StackPlace): Promise<KnownStack | undefined> {
    const root = await this.#call('DescribeStacks', { StackName: stack }, place)
    const found = root && within(root, 'DescribeStacksResult', 'Stacks', 'member')
    if (found === undefined) return undefined
    const parameters = membersOf(found, 'Parameters').map((each): [string, Given] => {
      const name = textOf(each, 'ParameterKey') ?? ''
      const value = textOf(each, 'ParameterValue') ?? ''
      // the value of a parameter with NoEcho is hidden
      const isHidden = /^\*{4,}$/.test(value)
      return [name, isHidden ? { value: unknownPart, dependsOn: `the hidden parameter ${name}` } : value]
    })
    return {
      name: textOf(found, 'StackName') ?? '',
      parameters: new Map(parameters),
      roleArn: textOf(found, 'RoleARN') || undefined,
      tags: new Map(
        membersOf(found, 'Tags').map((each) => [textOf(each, 'Key') ?? '', textOf(each, 'Value') ?? '']),
      ),
      status: textOf(found, 'StackStatus') ?? '',
    }
  }

  /** The template of a stack. */
  async template(stack: string, place: StackPlace): Promise<string | undefined> {
    const root = await this.#call('GetTemplate', { StackName: stack }, place)
    const text = root && textOf(within(root, 'GetTemplateResult'), 'TemplateBody')
    return text?.trim() === '' ? undefined : text
  }

  /** Physical ids of a stack's resources by their logical ids. */
  async physicalIds(stack: string, place: StackPlace): Promise<ReadonlyMap<string, string>> {
    const root = await this.#call('DescribeStackResources', { StackName: stack }, place)
    const resources =
      root === undefined ? [] : membersOf(within(root, 'DescribeStackResourcesResult'), 'StackResources')
    return new Map(
      resources.flatMap((each): readonly [string, string][] => {
        const [logical, physical] = [textOf(each, 'LogicalResourceId'), textOf(each, 'PhysicalResourceId')]
        return logical === undefined || !physical ? [] : [[logical, physical]]
      }),
    )
  }

  /** An object, by bucket and key. */
  async object(bucket: string, key: string, place: StackPlace): Promise<string | undefined> {
    const path = `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`
    const { status, text } = await this.#ask({ service: 's3', method: 'GET', path }, place)
    return status === 200 ? text : undefined
  }

  /** Makes a bucket, if there is none of this name. */
  async makeBucket(bucket: string, place: StackPlace): Promise<void> {
    const { region } = place
    const body =
      region === 'us-east-1'
        ? ''
        : `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`
    await this.#ask({ service: 's3', method: 'PUT', path: `/${bucket}`, body }, place)
  }

  /** Writes an object; returns whether the upstream took it. */
  async putObject(bucket: string, key: string, body: string, place: StackPlace): Promise<boolean> {
    const { status } = await this.#ask(
      { service: 's3', method: 'PUT', path: `/${bucket}/${key}`, body },
      place,
    )
    return status === 200
  }

  /** Sends a call once more; the answer, unless it is refused again. */
  async repeat(form: ReadonlyMap<string, string>, place: StackPlace): Promise<string | undefined> {
    const body = new URLSearchParams([...form]).toString()
    const question = { service: 'cloudformation', method: 'POST', path: '/', body } as const
    const { status, text } = await this.#ask(question, place)
    return status === 200 ? text : undefined
  }

  async #call(
    Action: string,
    fields: Readonly<Record<string, string>>,
    place: StackPlace,
  ): Promise<XmlElement | undefined> {
    const body = new URLSearchParams({ Action, Version: '2010-05-15', ...fields }).toString()
    const question = { service: 'cloudformation', method: 'POST', path: '/', body } as const
    const { status, text } = await this.#ask(question, place)
    return status === 200 ? parseXml(text) : undefined
  }
}

function within(element: XmlElement, ...names: readonly string[]): XmlElement | undefined {
  return names.reduce<XmlElement | undefined>(
    (found, name) => found?.children.find((child) => child.name === name),
    element,
  )
}

function membersOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return (element && within(element, name)?.children) ?? []
}

function textOf(element: XmlElement | undefined, name: string): string | undefined {
  return element && within(element, name)?.text
}

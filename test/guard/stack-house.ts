import assert from 'node:assert/strict'
import type { ClientCredentials } from 'omen-iam'
import { startReader } from '../support/index.ts'
import { allowing, guardServer, send } from './house.ts'

const formType = { 'content-type': 'application/x-www-form-urlencoded' }
const changes = /^(?:CreateStack|UpdateStack|DeleteStack|CreateChangeSet|ExecuteChangeSet)$/

/** A template that makes a queue, and in it a role that another reader may see. */
export const harmless = 'Resources:\n  Q: {Type: "AWS::SQS::Queue", Properties: {QueueName: jobs}}\n'
export const hidden = 'R: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Statement: []}}}'
export const capabilities = { 'Capabilities.member.1': 'CAPABILITY_NAMED_IAM' }

/** A trust policy. */
export const trusting = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
}

type Fields = Readonly<Record<string, string>>

interface StackThere {
  readonly name: string
  readonly template: string
  readonly parameters: object
  /** Physical ids by logical ids. */
  readonly ids?: object
  readonly tags?: object
}

/** A server that guards an upstream which has stacks and objects, and exchanges an object as soon as it was read. */
export async function stackServer() {
  const objects = new Map<string, string>()
  const written = new Map<string, string>()
  const stacks = new Map<string, StackThere>()
  const state = {
    /** Forms that reached the upstream and change a stack. */
    forms: [] as URLSearchParams[],
    /** What the upstream answers to a change. */
    status: 200,
  }
  const upstream = await startReader(({ method, url = '' }, body, outgoing) => {
    const path = url.split('?', 1)[0]!
    if (method === 'PUT') {
      written.set(path, body.toString())
      return outgoing.writeHead(200).end()
    }
    if (method === 'GET') {
      const found = /^\/[\w.-]+\?/.test(url) ? undefined : (objects.get(path) ?? written.get(path))
      return outgoing
        .writeHead(found === undefined ? 404 : 200)
        .end(found ?? '<Error><Code>NoSuchX</Code></Error>')
    }
    const form = new URLSearchParams(body.toString())
    const action = form.get('Action') ?? ''
    if (changes.test(action)) {
      state.forms.push(form)
      for (const key of objects.keys()) objects.set(key, hidden)
      const { status } = state
      return outgoing.writeHead(status).end(status === 200 ? '<Done/>' : '<Error><Code>Other</Code></Error>')
    }
    const stack = stacks.get(form.get('StackName') ?? '')
    if (stack === undefined) return outgoing.writeHead(400).end('<Error><Code>ValidationError</Code></Error>')
    const members = (values: object, [key, value]: readonly [string, string]) =>
      Object.entries(values)
        .map(([one, other]) => `<member><${key}>${one}</${key}><${value}>${other}</${value}></member>`)
        .join('')
    const parameters = members(stack.parameters, ['ParameterKey', 'ParameterValue'])
    const ids = members(stack.ids ?? {}, ['LogicalResourceId', 'PhysicalResourceId'])
    const tags = members(stack.tags ?? {}, ['Key', 'Value'])
    const content = {
      DescribeStacks: `<Stacks><member><StackName>${stack.name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Parameters>${parameters}</Parameters><Tags>${tags}</Tags></member></Stacks>`,
      GetTemplate: `<TemplateBody>${stack.template.replaceAll('<', '&lt;')}</TemplateBody>`,
      DescribeStackResources: `<StackResources>${ids}</StackResources>`,
    }[action]
    return outgoing
      .writeHead(200)
      .end(`<${action}Response><${action}Result>${content}</${action}Result></${action}Response>`)
  })
  const server = await guardServer({ upstream })
  const dev = await server.user('dev', allowing({ action: ['cloudformation:*', 'sqs:*', 's3:*'] }))

  async function call(
    Action: string,
    fields: Fields | string,
    {
      query = '',
      as = dev,
      method = 'POST',
    }: { query?: string; as?: ClientCredentials; method?: string } = {},
  ) {
    const own = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString()
    const body = method === 'GET' ? '' : `Action=${Action}&Version=2010-05-15&${own}`
    const path = `/${query === '' ? '' : `?${query}`}`
    const sent = method === 'GET' ? {} : { headers: formType, body }
    return send(server.omen.endpoint, { method, path, service: 'cloudformation', as, ...sent })
  }
  return {
    server,
    dev,
    objects,
    written,
    stacks,
    state,
    call,
    /** The form that reached the upstream, and no one before. */
    async succeeds(...args: Parameters<typeof call>) {
      const answer = await call(...args)
      assert.equal(answer.status, 200, answer.body)
      return state.forms.splice(0).at(-1)!
    },
    async refused(says: RegExp, ...args: Parameters<typeof call>) {
      const answer = await call(...args)
      assert.ok(answer.status === 400 || answer.status === 403, `${answer.status} ${answer.body}`)
      assert.match(answer.body, says)
      assert.deepEqual(state.forms, [])
    },
    clear() {
      for (const each of [objects, written, stacks]) each.clear()
      Object.assign(state, { forms: [], status: 200 })
    },
    async close() {
      await server.close()
      await upstream.close()
    },
  }
}

/** The template in a form, which is JSON. */
export function sentTemplate(form: URLSearchParams) {
  return JSON.parse(form.get('TemplateBody')!) as Record<string, object>
}

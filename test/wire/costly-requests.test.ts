import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { EC2 } from '@aws-sdk/client-ec2'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import {
  formOf,
  isWithinLimits,
  outermost,
  parseXml,
  readLongForm,
  wireLimits,
} from '../../packages/server/src/wire/index.ts'
import { policyText } from '../kit/index.ts'
import { assertLinear } from '../support/cost.ts'

const request = (text: string) => ({
  method: 'POST',
  rawPath: '/',
  rawQuery: '',
  headers: {},
  body: Buffer.from(text),
  remoteAddress: '127.0.0.1',
  secure: false,
})

const many = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${name}${n}="c"`).join('')

describe('what a request may hold is counted before anything is made of it', () => {
  test('names of a form, however deep (WIRE-83)', () => {
    const deep = (names: number) =>
      Array.from({ length: names }, (_, n) => `${n}${'.a'.repeat(31)}=`).join('&')
    assert.throws(() => formOf(request(deep(20_000))), { code: 'MalformedQueryString' })
    assert.equal(formOf(request(deep(1_000))).children?.size, 1_000)
    assertLinear(100, (names) => {
      const text = deep(names)
      return () => void formOf(request(text))
    })
  })

  test('parameters of a form, the empty ones among them, and blanks (WIRE-30)', () => {
    assert.throws(() => formOf(request('&'.repeat(wireLimits.formParameters + 1))), {
      code: 'MalformedQueryString',
    })
    const { children } = formOf({ ...request('a=%2B+b&&c+=+%20'), rawQuery: 'd=+&&e+' })
    const read = [...(children ?? [])].map(([name, { value }]) => [name, value])
    assert.deepEqual(read, [
      ['d', ' '],
      ['e ', ''],
      ['a', '+ b'],
      ['c ', '  '],
    ])
  })

  test('parameters without an equals sign before a long text (WIRE-30)', () => {
    const bare = (count: number) => request(`${'a&'.repeat(count)}Action=b&${'c'.repeat(count * 50)}`)
    assert.deepEqual(outermost(bare(5_000), ['Action', 'Version']), { Action: 'b' })
    assert.deepEqual(outermost(request('%41ction=b&Version.1=c'), ['Action']), { Action: 'b' })
    assertLinear(2_000, (count) => {
      const form = bare(count)
      return () => void outermost({ ...form }, ['Action'])
    })
  })

  test('a long form is read in slices, between which other calls have their turn', async () => {
    const form = request(Array.from({ length: 5_000 }, (_, n) => `a.${n}=b`).join('&'))
    let turns = 0
    let isRead = false
    const count = () => {
      turns++
      if (!isRead) setImmediate(count)
    }
    setImmediate(count)
    await readLongForm(form)
    isRead = true
    assert.ok(turns >= 5, `${turns} turns`)
    assert.equal(formOf(form).children?.get('a')?.children?.size, 5_000)
    const twice = request(`${'&'.repeat(3_000)}a=b&a=c`)
    await readLongForm(twice)
    assert.throws(() => formOf(twice), { code: 'InvalidQueryParameter' })
  })

  test('values of a JSON text, and none in its strings (WIRE-84)', () => {
    const { jsonValues } = wireLimits
    assert.equal(isWithinLimits(`[${'{},'.repeat(jsonValues)}{}]`), false)
    assert.equal(isWithinLimits(`[${'1,'.repeat(jsonValues)}1]`), false)
    assert.equal(isWithinLimits(`{"a":"${',{['.repeat(jsonValues)}"}`), true)
    assert.equal(isWithinLimits(`["${'\\"'.repeat(jsonValues)},",[${'['.repeat(50)}`), true)
    assert.equal(isWithinLimits('["\\\\",'.repeat(101)), false)
    const { jsonOutside } = wireLimits
    assert.equal(isWithinLimits(`${' '.repeat(jsonOutside - 2)}{}`), true)
    assert.equal(isWithinLimits(`${' '.repeat(jsonOutside - 1)}{}`), false)
    assert.equal(isWithinLimits(`{"a":${'1'.repeat(jsonOutside)}}`), false)
    assert.equal(isWithinLimits(`{"a":"${' '.repeat(2 * jsonOutside)}"}`), true)
    for (const part of ['\\', '\\"', '"', '","', '\\\\"'])
      assertLinear(10_000, (length) => {
        const text = `"${part.repeat(length)}`
        return () => void isWithinLimits(text)
      })
  })

  test('parts of an XML text (WIRE-85)', () => {
    const xml = (parts: number) => `<a>${'<b/>'.repeat(parts)}</a>`
    assert.equal(parseXml(xml(wireLimits.xmlTokens)), undefined)
    assert.equal(parseXml(xml(1_000))?.children.length, 1_000)
    assert.equal(parseXml(`<a>${'&'.repeat(1_000_000)}</a>`), undefined)
    assert.equal(parseXml('<a>&amp;&#65;&#x42;</a>')?.text, '&AB')
    assert.equal(parseXml('<a>&nbsp;</a>'), undefined)
    const { xmlReferences } = wireLimits
    assert.equal(parseXml(`<a>${'&#65;'.repeat(xmlReferences)}</a>`)?.text.length, xmlReferences)
    assert.equal(parseXml(`<a>${'&#65;'.repeat(xmlReferences + 1)}</a>`), undefined)
    assert.equal(Object.keys(parseXml(`<a${many(' b', 100)}/>`)?.attributes ?? {}).length, 100)
    assert.equal(parseXml(`<a${many(' b', 101)}/>`), undefined)
  })
})

describe('a key without permissions', () => {
  let omen: Awaited<ReturnType<typeof createOmen>>
  before(async () => {
    omen = await createOmen()
  })
  after(() => omen.close())

  test('and without a signature: a long form is not read before its sender is known', async () => {
    const of = async (form: string, headers: Record<string, string> = {}) => {
      const body = `Action=ListRoles&Version=2010-05-08${form}`
      const url = omen.endpoint
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await fetch(url, { method: 'POST', body, headers: { ...type, ...headers } })
      return /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1]
    }
    const malformed = '&MaxItems=%zz'
    assert.equal(await of(malformed), 'MalformedQueryString')
    assert.equal(await of(`${'&'.repeat(1_000)}${malformed}`), 'MissingAuthenticationToken')
    assert.equal(await of('&'.repeat(wireLimits.formParameters)), 'MalformedQueryString')
  })

  test('is asked nothing about a thousand things with a thousand tags each (EC2-67)', async () => {
    const ec2 = omen.client(EC2, 'admin')
    const Resources = Array.from({ length: 1_000 }, (_, n) => `vol-${n}`)
    const Tags = Array.from({ length: 1_000 }, (_, n) => ({ Key: `k${n}`, Value: '' }))
    await assert.rejects(ec2.createTags({ Resources, Tags }), { name: 'TagLimitExceeded' })
    assert.equal(omen.omen.deps.decisions.lastDenial(), undefined)
  })

  test('POL-188 has one budget for all that a call asks', async () => {
    const admin = omen.client(IAM, 'admin')
    const { User } = await admin.createUser({ UserName: 'slow' })
    assert.ok(User)
    const dear = { StringLike: { 'aws:UserAgent': `*${'?a'.repeat(50)}?b*` } }
    const Statement = [
      { Effect: 'Allow', Action: 'ec2:*', Resource: '*' },
      { Effect: 'Deny', Action: 'ec2:*', Resource: '*', Condition: dear },
    ]
    const PolicyDocument = policyText(...Statement)
    await admin.putUserPolicy({ UserName: 'slow', PolicyName: 'p', PolicyDocument })
    const { AccessKey } = await admin.createAccessKey({ UserName: 'slow' })
    const ec2 = omen.client(EC2, {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    })
    ec2.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { headers: Record<string, string> }
        request.headers['user-agent'] = 'a'.repeat(2_000)
        return next(args)
      },
      { step: 'finalizeRequest' },
    )
    const tag = (things: number) =>
      ec2.createTags({
        Resources: Array.from({ length: things }, (_, n) => `vol-${n}`),
        Tags: [{ Key: 'k', Value: '' }],
      })
    // one question is answered, and so are a few; many would take seconds
    await assert.rejects(tag(1), { name: 'InvalidVolume.NotFound' })
    await assert.rejects(tag(200), { name: 'UnauthorizedOperation' })
  })

  test('SIM-33 cuts the page of a simulation that takes too many steps, and refuses what no page could hold', async () => {
    const iam = omen.client(IAM, 'admin')
    const patterns = Array.from({ length: 450 }, () => `arn:aws:s3:::*${'?a'.repeat(60)}b`)
    const heavy = JSON.stringify({ Statement: { Effect: 'Allow', Action: 's3:*', Resource: patterns } })
    const ActionNames = Array.from({ length: 40 }, (_, n) => `s3:Get${n}`)
    const ResourceArns = Array.from({ length: 40 }, (_, n) => `arn:aws:s3:::${n}${'a?a'.repeat(50)}`)
    const asked = { PolicyInputList: [heavy, heavy], ActionNames, ResourceArns }
    const names: string[] = []
    let pages = 0
    for (let Marker: string | undefined; pages === 0 || Marker !== undefined; pages++) {
      const page = await iam.simulateCustomPolicy({ ...asked, Marker })
      names.push(...(page.EvaluationResults ?? []).map(({ EvalActionName }) => EvalActionName ?? ''))
      Marker = page.Marker
      assert.equal(page.IsTruncated, Marker !== undefined)
    }
    assert.deepEqual(names, ActionNames)
    assert.ok(pages > 1, `${pages} pages`)
    const wild = `{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::*${'?a'.repeat(20_000)}b"}}`
    await assert.rejects(
      iam.simulateCustomPolicy({
        PolicyInputList: [wild],
        ActionNames: ['s3:GetObject'],
        ResourceArns: [`arn:aws:s3:::${'a'.repeat(60_000)}`],
      }),
      (error: Error) => {
        assert.match(error.message, /too large|length less than or equal/)
        return true
      },
    )
  })
})

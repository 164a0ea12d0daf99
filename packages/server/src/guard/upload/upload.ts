import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Fault, fault, type HttpRequest, type Secret } from '../../base/index.ts'
import { oldSignature, parseXml } from '../../wire/index.ts'
import { guardCatalogue, type IdentifiedCall } from '../catalogue/index.ts'
import { readForm, type UploadForm, writeForm } from './form.ts'
import { checkPolicy } from './policy.ts'

/** A browser-based upload of S3: the equivalent call, and its signer. */
export interface Upload {
  /** The PutObject that it is as good as. */
  readonly put: IdentifiedCall
  /** The form as the upstream gets it: without the signature, the key written out. */
  readonly body: Buffer
  /** Undefined if it is unsigned. */
  readonly signed: SignedPolicy | undefined
}

/** The signature of a form's policy. */
export interface SignedPolicy {
  readonly accessKeyId: string
  readonly sessionToken: string | undefined
  readonly region: string
  /** The value of s3:signatureversion. */
  readonly version: 'AWS' | 'AWS4-HMAC-SHA256'
  /** @throws Fault if the signature is wrong, or the form is not what was signed */
  check(secret: Secret, now: number): void
}

/** Fields that are the signature's, and end here. */
const signature =
  /^(?:policy|awsaccesskeyid|signature|x-amz-(?:algorithm|credential|date|security-token|signature))$/
/** Fields that are headers of PutObject under other names. */
const headerNames: Readonly<Record<string, string>> = { acl: 'x-amz-acl', 'content-type': 'content-type' }

/**
 * Reads a browser-based upload (behaviours GRD-32, GRD-33). @param sigv2 whether its policy may be signed in version 2
 * @throws Fault if it is none, or is signed in an unknown way
 */
export function readUpload({ service, request, labels }: IdentifiedCall, sigv2: boolean): Upload {
  const bucket = labels.Bucket!
  const form = readForm(request.headers['content-type'] ?? '', request.body)
  const fields = new Map([...form.fields].filter(([name]) => !signature.test(name)))
  const key = keyOf(form)
  fields.set('key', key)
  const packed = guardCatalogue().byId.get('s3')!.operation('PutObject')! // the catalogue has S3
  const put: IdentifiedCall = {
    service,
    operation: 'PutObject',
    protocol: 'restXml',
    open: false,
    labels: { Bucket: bucket, Key: key },
    packed,
    request: asPut(request, fields),
  }
  return { put, body: writeForm(form, fields), signed: signedPolicy(form, bucket, key, sigv2) }
}

function keyOf({ fields, file }: UploadForm): string {
  const template = fields.get('key')
  if (template === undefined || template === '') throw missing('key')
  const name = file.name?.slice(Math.max(file.name.lastIndexOf('/'), file.name.lastIndexOf('\\')) + 1)
  const variable = '$' + '{filename}'
  if (name === undefined && template.includes(variable))
    throw fault('InvalidArgument', 'The form gives two names of the file.', 400)
  const key = template.replaceAll(variable, () => name ?? '')
  if (
    key === '' ||
    key.includes('\0') ||
    /(?:^|\/)\.{1,2}(?:\/|$)/.test(key) ||
    Buffer.byteLength(key) > 1_024
  )
    throw fault('InvalidArgument', 'The key of the upload cannot be decided on.', 400)
  return key
}

/** The request of the PutObject: its headers are the form's fields. */
function asPut(request: HttpRequest, fields: ReadonlyMap<string, string>): HttpRequest {
  const headers: Record<string, string> = { host: request.headers.host ?? '' }
  for (const [name, value] of fields) {
    const header = headerNames[name] ?? (/^x-amz-[\w-]+$/.test(name) ? name : undefined)
    if (header !== undefined) headers[header] = value
  }
  const tagging = fields.get('tagging')
  if (tagging !== undefined) headers['x-amz-tagging'] = tagsIn(tagging)
  return { ...request, method: 'PUT', rawQuery: '', headers, body: new Uint8Array(0) }
}

/** The tags of a form, which come in XML, as a header has them. */
function tagsIn(text: string): string {
  const set = parseXml(text)?.children.find(({ name }) => name === 'TagSet')
  if (set === undefined) throw fault('MalformedXML', 'The tagging of the form is not well-formed.', 400)
  const pairs = set.children.map(({ children }) => {
    const part = (wanted: string) => children.find(({ name }) => name === wanted)?.text ?? ''
    return [part('Key'), part('Value')]
  })
  return new URLSearchParams(pairs).toString()
}

function signedPolicy(
  form: UploadForm,
  bucket: string,
  key: string,
  sigv2: boolean,
): SignedPolicy | undefined {
  const { fields, file } = form
  const policy = fields.get('policy')
  if (fields.has('awsaccesskeyid') && !sigv2) throw oldSignature()
  if (policy === undefined) return undefined
  const field = (name: string) => {
    const value = fields.get(name)
    if (value === undefined || value === '') throw missing(name)
    return value
  }
  const all = new Map([...fields, ['key', key] as const, ['bucket', bucket] as const])
  const isPolicy = (now: number) => checkPolicy(policy, { fields: all, length: file.content.length }, now)
  if (fields.has('awsaccesskeyid')) {
    if (fields.has('x-amz-algorithm') || fields.has('x-amz-signature'))
      throw fault('InvalidArgument', 'The form is signed in two ways.', 400)
    const given = field('signature')
    return {
      accessKeyId: field('awsaccesskeyid'),
      sessionToken: fields.get('x-amz-security-token'),
      region: 'us-east-1',
      version: 'AWS',
      check(secret, now) {
        const expected = createHmac('sha1', secret.reveal()).update(policy).digest()
        checkSame(expected, Buffer.from(given, 'base64'))
        isPolicy(now)
      },
    }
  }
  if (field('x-amz-algorithm') !== 'AWS4-HMAC-SHA256')
    throw fault('InvalidArgument', 'Only AWS4-HMAC-SHA256 is supported as x-amz-algorithm.', 400)
  const credential = /^([^/]+)\/(\d{8})\/([a-z0-9-]+)\/s3\/aws4_request$/.exec(field('x-amz-credential'))
  const date = field('x-amz-date')
  if (credential === null || !date.startsWith(credential[2]!))
    throw fault('InvalidArgument', 'The x-amz-credential of the form is not well-formed.', 400)
  const [, accessKeyId = '', day = '', region = ''] = credential
  const given = field('x-amz-signature')
  return {
    accessKeyId,
    sessionToken: fields.get('x-amz-security-token'),
    region,
    version: 'AWS4-HMAC-SHA256',
    check(secret, now) {
      const signingKey = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
        (by, part) => createHmac('sha256', by).update(part).digest(),
        `AWS4${secret.reveal()}`,
      )
      const expected = createHmac('sha256', signingKey).update(policy).digest()
      checkSame(expected, /^[0-9a-f]{64}$/.test(given) ? Buffer.from(given, 'hex') : Buffer.alloc(0))
      isPolicy(now)
    },
  }
}

function checkSame(expected: Buffer, sent: Buffer): void {
  if (expected.length === sent.length && timingSafeEqual(expected, sent)) return
  throw fault(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    403,
  )
}

function missing(name: string): Fault {
  return fault(
    'InvalidArgument',
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    400,
  )
}

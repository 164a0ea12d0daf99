import { createHash, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { type AccessRequest, type Call, family, prepared } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import type { Tag } from '../../../directory/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { shownFields } from '../described.ts'
import { invalidParameter, missing } from '../faults.ts'
import { filteredBy } from '../filter.ts'
import { newResourceId } from '../ids.ts'
import { wholeSecond } from '../instant.ts'
import { limits } from '../limits.ts'
import { type KeyPair, keyPairs } from '../records.ts'
import { allHere, onNewResource, onResource } from '../resource.ts'
import { filters } from '../shown-filters.ts'
import { checkTags, tagsByKind } from '../tag.ts'
import { openSshPrivateKey, openSshPublicKey, readPublicKey } from './open-ssh.ts'

const generate = promisify(generateKeyPair)

/** Key pairs. The private key is only in the answer and is not stored. */
export const keyPair = family<Ec2.Operations>()({
  CreateKeyPair: prepared({
    requests: (input, call) => {
      const keys = { 'ec2:KeyPairType': input.KeyType ?? 'rsa' }
      return onNewResource('key-pair', tagsByKind(input.TagSpecifications), call, keys, input.KeyName)
    },
    prepare: (input) => newKeys(input.KeyType ?? 'rsa'),
    run(input, call, made) {
      const { privateKey, publicKey } = made
      const type = input.KeyType ?? 'rsa'
      checkFormat(input)
      const keyPair = keep(
        input.KeyName,
        type,
        publicKey,
        fingerprintOf(privateKey, publicKey, type),
        tagsOf(input),
        call,
      )
      return { ...pairOut(keyPair), KeyMaterial: privateText(privateKey, publicKey, type) }
    },
  }),
  ImportKeyPair: {
    requests: (input, call) =>
      onNewResource('key-pair', tagsByKind(input.TagSpecifications), call, {}, input.KeyName),
    run(input, call) {
      const publicKey = readPublicKey(Buffer.from(input.PublicKeyMaterial).toString('latin1'))
      const type = publicKey?.asymmetricKeyType
      if (publicKey === undefined || (type !== 'rsa' && type !== 'ed25519'))
        throw fault('InvalidKey.Format', 'Key is not in valid OpenSSH public key format', 400)
      const print = type === 'rsa' ? colons('md5', spki(publicKey)) : openSshPrint(publicKey)
      return pairOut(keep(input.KeyName, type, publicKey, print, tagsOf(input), call))
    },
  },
  DeleteKeyPair: {
    requests(input, call): readonly AccessRequest[] {
      const pair = named(input, call)
      const keys = pair && { 'ec2:KeyPairName': pair.name, 'ec2:KeyPairType': pair.type }
      return [onResource('key-pair', pair?.name ?? input.KeyName ?? '*', pair, call, keys)]
    },
    // deleting a missing one succeeds (behaviour EC2-52)
    run(input, call) {
      if (input.KeyName === undefined && input.KeyPairId === undefined) throw missing('KeyName')
      const pair = named(input, call)
      if (pair !== undefined) call.account.table(keyPairs).delete(pair.id)
      return { Return: true, KeyPairId: pair?.id }
    },
  },
  DescribeKeyPairs: {
    run(input, call) {
      const all = allHere(call.account.table(keyPairs), call)
      for (const name of input.KeyNames ?? [])
        if (!all.some((each) => each.name === name))
          throw fault('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`, 400)
      for (const id of input.KeyPairIds ?? [])
        if (!all.some((each) => each.id === id))
          throw fault('InvalidKeyPair.NotFound', `The key pair ID '${id}' does not exist`, 400)
      const views = all
        .filter(({ name, id }) => isAsked(name, input.KeyNames) && isAsked(id, input.KeyPairIds))
        .map((each) => ({
          KeyPairId: each.id,
          KeyName: each.name,
          KeyType: each.type,
          KeyFingerprint: each.fingerprint,
          CreateTime: wholeSecond(each.createdAt),
          PublicKey: input.IncludePublicKey ? each.publicKey : undefined,
          Tags: each.tags,
        }))
      return { KeyPairs: filteredBy(views, input.Filters, pairFilters, (each) => each.Tags) }
    },
  },
})

interface Keys {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** Node makes key pairs from the machine's randomness alone: a seed does not repeat them. */
async function newKeys(type: Ec2.KeyType): Promise<Keys> {
  return type === 'rsa' ? generate('rsa', { modulusLength: 2048 }) : generate('ed25519')
}

function checkFormat({ KeyFormat: format }: Ec2.CreateKeyPairRequest): void {
  if (format === 'ppk') throw invalidParameter('The key format ppk is not made here: ask for pem.')
}

function tagsOf(input: {
  readonly TagSpecifications?: readonly Ec2.TagSpecification[] | undefined
}): readonly Tag[] {
  const byKind = tagsByKind(input.TagSpecifications)
  checkTags(byKind, ['key-pair'])
  return byKind.get('key-pair') ?? []
}

function keep(
  name: string,
  type: KeyPair['type'],
  publicKey: KeyObject,
  fingerprint: string,
  tags: readonly Tag[],
  call: Call,
): KeyPair {
  if (name === '' || name.length > 255 || !/^[\x20-\x7e]*$/.test(name))
    throw invalidParameter(`Invalid value '${name}' for keyPairNames. It has from 1 to 255 ASCII characters.`)
  const table = call.account.table(keyPairs)
  if (table.findBy('name', `${call.region}\n${name}`) !== undefined)
    throw fault('InvalidKeyPair.Duplicate', `The keypair already exists`, 400)
  if (allHere(table, call).length >= limits.keyPairsPerRegion)
    throw fault('KeyPairLimitExceeded', 'The maximum number of key pairs has been reached.', 400)
  const keyPair: KeyPair = {
    id: newResourceId('key', call.deps.random),
    region: call.region,
    createdAt: call.now,
    tags,
    name,
    type,
    fingerprint,
    publicKey: `${openSshPublicKey(publicKey)} ${name}`,
  }
  table.put(keyPair)
  return keyPair
}

function named({ KeyName: name, KeyPairId: id }: Ec2.DeleteKeyPairRequest, call: Call): KeyPair | undefined {
  const table = call.account.table(keyPairs)
  const pair = id === undefined ? table.findBy('name', `${call.region}\n${name}`) : table.find(id)
  return pair?.region === call.region ? pair : undefined
}

function isAsked(text: string, list: readonly string[] | undefined): boolean {
  return list === undefined || list.length === 0 || list.includes(text)
}

function pairOut({ id, name, fingerprint, tags }: KeyPair) {
  return {
    KeyPairId: id,
    KeyName: name,
    KeyFingerprint: fingerprint,
    Tags: tags.length === 0 ? undefined : tags,
  }
}

/**
 * The fingerprint of a key created here is the SHA-1 of its private key; of an imported one, the MD5 of its public key
 * (behaviour EC2-53).
 */
function fingerprintOf(privateKey: KeyObject, publicKey: KeyObject, type: KeyPair['type']): string {
  return type === 'rsa'
    ? colons('sha1', privateKey.export({ type: 'pkcs8', format: 'der' }))
    : openSshPrint(publicKey)
}

function openSshPrint(publicKey: KeyObject): string {
  const blob = Buffer.from(openSshPublicKey(publicKey).split(' ')[1]!, 'base64')
  return createHash('sha256').update(blob).digest('base64')
}

function spki(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' })
}

function colons(algorithm: 'md5' | 'sha1', der: Buffer): string {
  return createHash(algorithm).update(der).digest('hex').match(/../g)!.join(':')
}

function privateText(privateKey: KeyObject, publicKey: KeyObject, type: KeyPair['type']): string {
  return type === 'rsa'
    ? privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
    : openSshPrivateKey(privateKey, publicKey)
}

const pairFilters = shownFields(filters.DescribeKeyPairs)

import type { KeyObject } from 'node:crypto'
import { type Call, family } from '../../../authorization/index.ts'
import { assert, fault, newId } from '../../../base/index.ts'
import type { Iam } from '../../../model/index.ts'
import { ageKey } from '../by-age.ts'
import { checkQuota, noSuchEntity } from '../faults.ts'
import { page } from '../page.ts'
import { findOwned, ownedBy } from './owned.ts'
import { asksUser, getUser, type OfUser } from './owner.ts'
import { type SshPublicKey, sshPublicKeys } from './records.ts'
import { fingerprintOf, openSshText, pemText, readSshKey } from './ssh-key-text.ts'
import { isActive, statusOut } from './status.ts'

type OfKey = OfUser & { readonly SSHPublicKeyId: string }

/** Public keys of users for CodeCommit over SSH. */
export const sshPublicKeyFamily = family<Iam.Operations>()({
  UploadSSHPublicKey: {
    ...asksUser(),
    run(input, call) {
      const { account } = call
      const user = getUser(input, call)
      const fingerprint = fingerprintOf(checkedKey(input.SSHPublicKeyBody))
      const others = ownedBy(user.id, sshPublicKeys, account)
      if (others.some((other) => other.fingerprint === fingerprint)) {
        throw fault(
          'DuplicateSSHPublicKey',
          `The SSH public key is already associated with the user ${user.name}.`,
          400,
        )
      }
      checkQuota(call, 'SSHPublicKeysPerUser', others.length + 1)
      const key: SshPublicKey = {
        id: newId('APKA', account.id, call.deps.random),
        owner: user.id,
        body: input.SSHPublicKeyBody,
        fingerprint,
        active: true,
        uploadedAt: call.now,
      }
      account.table(sshPublicKeys).put(key)
      return {
        SSHPublicKey: { ...keyOut(key, user.name), Fingerprint: fingerprint, SSHPublicKeyBody: key.body },
      }
    },
  },
  GetSSHPublicKey: {
    ...asksUser(),
    run(input, call) {
      const { key, userName } = getKey(input, call)
      const read = readSshKey(key.body)
      assert(typeof read !== 'string', 'a kept SSH key was readable when it was uploaded')
      const SSHPublicKeyBody = input.Encoding === 'PEM' ? pemText(read) : openSshText(read)
      return { SSHPublicKey: { ...keyOut(key, userName), Fingerprint: key.fingerprint, SSHPublicKeyBody } }
    },
  },
  ListSSHPublicKeys: {
    ...asksUser(),
    run(input, call) {
      const user = getUser(input, call)
      const { items, rest } = page(ownedBy(user.id, sshPublicKeys, call.account), ageKey, input)
      return { SSHPublicKeys: items.map((key) => keyOut(key, user.name)), ...rest }
    },
  },
  UpdateSSHPublicKey: {
    ...asksUser(),
    run(input, call) {
      const { key } = getKey(input, call)
      call.account.table(sshPublicKeys).put({ ...key, active: isActive(input.Status) })
    },
  },
  DeleteSSHPublicKey: {
    ...asksUser(),
    run(input, call) {
      call.account.table(sshPublicKeys).delete(getKey(input, call).key.id)
    },
  },
})

/** @throws Fault UnrecognizedPublicKeyEncoding, InvalidPublicKey */
function checkedKey(text: string): KeyObject {
  const key = readSshKey(text)
  if (key === 'unrecognized') {
    throw fault('UnrecognizedPublicKeyEncoding', 'Invalid public key uploaded.', 400)
  }
  if (key === 'invalid')
    throw fault('InvalidPublicKey', 'The public key is malformed or otherwise invalid.', 400)
  return key
}

function getKey(input: OfKey, call: Call): { readonly key: SshPublicKey; readonly userName: string } {
  const user = getUser(input, call)
  const key = findOwned(user.id, input.SSHPublicKeyId, sshPublicKeys, call.account)
  if (key === undefined)
    throw noSuchEntity(`The SSH Public Key with id ${input.SSHPublicKeyId} cannot be found.`)
  return { key, userName: user.name }
}

function keyOut(key: SshPublicKey, userName: string): Iam.SSHPublicKeyMetadata {
  return {
    UserName: userName,
    SSHPublicKeyId: key.id,
    Status: statusOut(key.active),
    UploadDate: key.uploadedAt,
  }
}

import { createHash } from 'node:crypto'
import { type Call, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import { base32 } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { ageKey } from '../by-age.ts'
import { checkQuota, noSuchEntity } from '../faults.ts'
import { page } from '../page.ts'
import { checkedCertificate } from './certificates.ts'
import { findOwned, ownedBy } from './owned.ts'
import { asksOwner, getOwner, type OfUser } from './owner.ts'
import { type SigningCertificate, signingCertificates } from './records.ts'
import { isActive, statusOut } from './status.ts'

type OfCertificate = OfUser & { readonly CertificateId: string }

/** X.509 certificates of users and of root. */
export const signingCertificateFamily = family<Iam.Operations>()({
  UploadSigningCertificate: {
    ...asksOwner('root'),
    run(input, call) {
      const table = call.account.table(signingCertificates)
      const owner = getOwner(input, call, 'root')
      const { raw } = checkedCertificate(input.CertificateBody)
      // the id is computed from the certificate, so the account has each one at most once (behaviour CRED-41)
      const id = base32(createHash('sha1').update(raw).digest())
      if (table.find(id) !== undefined) {
        throw fault(
          'DuplicateCertificate',
          'The certificate is already associated with an IAM user in the account.',
          409,
        )
      }
      const others = ownedBy(owner.id, signingCertificates, call.account)
      checkQuota(call, 'CertificatesPerUser', others.length + 1)
      // as it was sent, with its last line break (behaviour CRED-41)
      const certificate = {
        id,
        owner: owner.id,
        body: input.CertificateBody,
        active: true,
        uploadedAt: call.now,
      }
      table.put(certificate)
      return { Certificate: certificateOut(certificate, owner.name) }
    },
  },
  ListSigningCertificates: {
    ...asksOwner('root', 'assumedRoot'),
    run(input, call) {
      const owner = getOwner(input, call, 'root', 'assumedRoot')
      const { items, rest } = page(ownedBy(owner.id, signingCertificates, call.account), ageKey, input)
      return { Certificates: items.map((certificate) => certificateOut(certificate, owner.name)), ...rest }
    },
  },
  UpdateSigningCertificate: {
    ...asksOwner('root'),
    run(input, call) {
      const certificate = getCertificate(input, call)
      call.account.table(signingCertificates).put({ ...certificate, active: isActive(input.Status) })
    },
  },
  DeleteSigningCertificate: {
    ...asksOwner('root', 'assumedRoot'),
    run(input, call) {
      call.account.table(signingCertificates).delete(getCertificate(input, call).id)
    },
  },
})

function getCertificate(input: OfCertificate, call: Call): SigningCertificate {
  const owner = getOwner(input, call, 'root', 'assumedRoot')
  const certificate = findOwned(owner.id, input.CertificateId, signingCertificates, call.account)
  if (certificate === undefined) {
    throw noSuchEntity(`The Certificate with id ${input.CertificateId} cannot be found.`)
  }
  return certificate
}

function certificateOut(
  { id, body, active, uploadedAt }: SigningCertificate,
  userName: string | undefined,
): Iam.SigningCertificate {
  const view = {
    UserName: userName,
    CertificateId: id,
    CertificateBody: body,
    Status: statusOut(active),
    UploadDate: uploadedAt,
  }
  return view as Iam.SigningCertificate // the name is absent for root's, whatever the model says
}

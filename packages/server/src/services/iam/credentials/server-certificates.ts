import { type Call, family } from '../../../authorization/index.ts'
import { fault, iamArn, newId } from '../../../base/index.ts'
import type { Iam } from '../../../model/index.ts'
import { move, pageBelow } from '../by-name.ts'
import { alreadyExists, checkQuota } from '../faults.ts'
import { asks, asksMoved, creates, get, lists } from '../target.ts'
import { findNamed, named } from '../targets.ts'
import { newTags, tagging, tagsOut } from '../traits/tags.ts'
import { checkChain, checkedCertificate, checkedPrivateKey, checkInForce, expiryOf } from './certificates.ts'
import { type ServerCertificate, serverCertificates } from './records.ts'

const theCertificate = named({
  member: 'ServerCertificateName',
  type: 'server-certificate',
  word: 'server certificate',
  table: serverCertificates,
  missing: (name) => `The Server Certificate with name ${name} cannot be found.`,
  tagsOf: (certificate: ServerCertificate) => certificate.tags,
  tagKeys: ['aws:ResourceTag/'],
  tagging: { action: 'iam:TagServerCertificate', quota: 'TagsPerServerCertificate' },
})

const tags = tagging(theCertificate)

/** The purpose of sealing private keys of server certificates. */
const keyPurpose = 'server-certificate'

/** Certificates of servers, with their keys. */
export const serverCertificateFamily = family<Iam.Operations>()({
  UploadServerCertificate: {
    ...creates(theCertificate, (input: Iam.UploadServerCertificateRequest, call) =>
      iamArn(call.account, 'server-certificate', input.Path ?? '/', input.ServerCertificateName),
    ),
    run(input, call) {
      const { account, deps } = call
      const expiresAt = checkedUpload(input, call.now)
      checkFree(input.ServerCertificateName, call)
      checkQuota(call, 'ServerCertificatesPerAccount', account.table(serverCertificates).size + 1)
      const certificate: ServerCertificate = {
        id: newId('ASCA', account.id, deps.random),
        name: input.ServerCertificateName,
        path: input.Path ?? '/',
        createdAt: call.now,
        body: input.CertificateBody.trim(),
        ...(input.CertificateChain === undefined ? {} : { chain: input.CertificateChain.trim() }),
        sealedKey: deps.vault.sealText(keyPurpose, input.PrivateKey),
        expiresAt,
        tags: newTags(theCertificate, input.Tags, call),
      }
      account.table(serverCertificates).put(certificate)
      return { ServerCertificateMetadata: metadataOut(certificate, call), ...tagsOut(certificate.tags) }
    },
  },
  GetServerCertificate: {
    ...asks(theCertificate),
    run(input, call) {
      const certificate = get(theCertificate, input, call)
      return {
        ServerCertificate: {
          ServerCertificateMetadata: metadataOut(certificate, call),
          CertificateBody: certificate.body,
          CertificateChain: certificate.chain,
          ...tagsOut(certificate.tags),
        },
      }
    },
  },
  ListServerCertificates: {
    ...lists('server-certificate'),
    run(input, call) {
      const { items, rest } = pageBelow(serverCertificates, input, call)
      return { ServerCertificateMetadataList: items.map((each) => metadataOut(each, call)), ...rest }
    },
  },
  UpdateServerCertificate: {
    ...asksMoved(theCertificate, 'server-certificate', (input: Iam.UpdateServerCertificateRequest) => ({
      before: input.ServerCertificateName,
      after: input.NewServerCertificateName,
    })),
    run(input, call) {
      const certificate = get(theCertificate, input, call)
      move(
        serverCertificates,
        certificate,
        { name: input.NewServerCertificateName, path: input.NewPath },
        checkFree,
        call,
      )
    },
  },
  DeleteServerCertificate: {
    ...asks(theCertificate),
    run(input, call) {
      call.account.table(serverCertificates).delete(get(theCertificate, input, call).id)
    },
  },
  TagServerCertificate: tags.tag,
  UntagServerCertificate: tags.untag,
  ListServerCertificateTags: tags.list,
})

/** Returns when the certificate expires. @throws Fault MalformedCertificate, KeyPairMismatch */
function checkedUpload(input: Iam.UploadServerCertificateRequest, now: number): number {
  const certificate = checkedCertificate(input.CertificateBody)
  checkInForce(certificate, now)
  if (!certificate.checkPrivateKey(checkedPrivateKey(input.PrivateKey))) {
    throw fault('KeyPairMismatch', 'The private key does not match the public key of the certificate.', 400)
  }
  if (input.CertificateChain !== undefined) checkChain(certificate, input.CertificateChain)
  return expiryOf(certificate)
}

function checkFree(name: string, call: Call): void {
  if (findNamed(serverCertificates, call.account, name) !== undefined) {
    throw alreadyExists(`The Server Certificate with name ${name} already exists.`)
  }
}

function metadataOut(certificate: ServerCertificate, call: Call): Iam.ServerCertificateMetadata {
  return {
    Path: certificate.path,
    ServerCertificateName: certificate.name,
    ServerCertificateId: certificate.id,
    Arn: iamArn(call.account, 'server-certificate', certificate.path, certificate.name),
    UploadDate: certificate.createdAt,
    Expiration: certificate.expiresAt,
  }
}

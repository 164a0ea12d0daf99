import { type Call, family } from '../../authorization/index.ts'
import { type AnywhereSubject, anywhereSubjects } from '../../directory/index.ts'
import type { RolesAnywhere } from '../../model/index.ts'
import { inRegion, listed, onThing, thingArn } from './thing.ts'

/** The subjects that were given sessions. */
export const subjects = family<RolesAnywhere.Operations>()({
  GetSubject: onThing(
    'subject',
    ({ subjectId }: RolesAnywhere.ScalarSubjectRequest) => subjectId,
    ({ subjectId }, call) => {
      const subject = inRegion(call.account.table(anywhereSubjects).find(subjectId), call)
      const { serial, issuer, data } = subject.certificate
      const credential = {
        seenAt: subject.lastSeenAt,
        serialNumber: serial,
        issuer,
        enabled: true,
        x509CertificateData: data,
        failed: false,
      }
      return { subject: { ...viewOf(subject, call), credentials: [credential], instanceProperties: [] } }
    },
  ),
  ListSubjects: {
    run(input, call) {
      const { items, nextToken } = listed(call.account.table(anywhereSubjects).values(), input, call)
      return { subjects: items.map((each) => viewOf(each, call)), nextToken }
    },
  },
})

function viewOf({ id, region, subject, createdAt, lastSeenAt }: AnywhereSubject, { account }: Call) {
  return {
    subjectArn: thingArn(account, region, 'subject', id),
    subjectId: id,
    enabled: true,
    x509Subject: subject,
    lastSeenAt,
    createdAt,
    updatedAt: lastSeenAt,
  }
}

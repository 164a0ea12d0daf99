import { given } from '../../base/index.ts'
import type { AccessKeyImage, LastUseImage, LoginProfileImage, MfaDeviceImage } from '../../image/index.ts'
import type { Fields } from '../fields.ts'
import { intakeLimits } from '../limits.ts'
import { type AnswerReader, accountOfArn, forms, ownArn, type Reading } from './answer.ts'
import { credentialReport } from './credential-report.ts'

/** list-access-keys, get-login-profile, list-virtual-mfa-devices, get-credential-report … */
export const credentialReaders: readonly AnswerReader[] = [
  {
    namesAccount: true,
    fits: (fields) => fields.has('Account') && fields.has('UserId') && fields.has('Arn'),
    read({ fields }, { draft }) {
      const account = accountOfArn(fields.needs('Arn', forms.arn))
      if (account === undefined) throw fields.problem('Arn is not an ARN of an account')
      draft.account(account.id, account.partition, fields.at)
    },
  },
  {
    namesAccount: true,
    fits: (fields) => fields.has('Content') && fields.has('ReportFormat'),
    read({ fields }, { draft }) {
      const text = Buffer.from(
        fields.text('Content', undefined, intakeLimits.fileBytes) ?? '',
        'base64',
      ).toString()
      credentialReport(text, fields.at, draft)
    },
  },
  {
    namesAccount: false,
    fits: (fields) => fields.has('AccessKeyMetadata'),
    read(answer, reading) {
      const account = reading.accountOf(answer)
      for (const each of answer.fields.objects('AccessKeyMetadata')) {
        const image = given<AccessKeyImage>({
          at: each.at,
          id: each.needs('AccessKeyId', forms.id),
          // keys of the root user come without a name
          user: each.text('UserName', forms.name) ?? null,
          active: each.needs('Status', /^(?:Active|Inactive|Expired)$/) === 'Active',
          createdAt: each.instant('CreateDate'),
        })
        reading.draft.add(account.id, account.partition, 'accessKeys', image)
      }
    },
  },
  {
    namesAccount: false,
    fits: (fields, { input }) => fields.has('AccessKeyLastUsed') && input?.has('AccessKeyId') === true,
    read(answer, reading) {
      const { fields, input } = answer
      const account = reading.accountOf(answer)
      const use = lastUse(fields.inner('AccessKeyLastUsed'))
      const id = input?.needs('AccessKeyId', forms.id)
      if (use !== undefined && id !== undefined)
        reading.draft.useKey(account.id, account.partition, id, use, fields.at)
    },
  },
  {
    namesAccount: false,
    fits: (fields) => fields.has('LoginProfile'),
    read(answer, reading) {
      const account = reading.accountOf(answer)
      const each = answer.fields.inner('LoginProfile')
      const image = given<LoginProfileImage>({
        at: each.at,
        user: each.needs('UserName', forms.name),
        createdAt: each.instant('CreateDate'),
        resetRequired: each.flag('PasswordResetRequired'),
      })
      reading.draft.add(account.id, account.partition, 'loginProfiles', image)
    },
  },
  {
    namesAccount: true,
    fits: (fields) => fields.has('VirtualMFADevices'),
    read({ fields }, reading) {
      for (const each of fields.objects('VirtualMFADevices')) virtualDevice(each, reading)
    },
  },
  {
    namesAccount: false,
    fits: (fields) => fields.has('MFADevices'),
    read(answer, reading) {
      const account = reading.accountOf(answer)
      for (const each of answer.fields.objects('MFADevices')) {
        const image = given<MfaDeviceImage>({
          at: each.at,
          serial: each.needs('SerialNumber', /^[\w+=/:,.@-]{9,256}$/),
          user: each.text('UserName', forms.name),
          enabledAt: each.instant('EnableDate'),
        })
        reading.draft.add(account.id, account.partition, 'mfaDevices', image)
      }
    },
  },
]

function virtualDevice(fields: Fields, { draft }: Reading): void {
  const serial = fields.needs('SerialNumber', forms.arn)
  const arn = ownArn(fields, 'SerialNumber')
  if (arn === undefined) return
  const user = fields.inner('User')
  const isEnabled = fields.has('User') && fields.has('EnableDate')
  const image = given<MfaDeviceImage>({
    at: fields.at,
    serial,
    // the root user has an ARN and no name
    user: isEnabled ? (user.text('UserName', forms.name) ?? null) : undefined,
    enabledAt: isEnabled ? fields.instant('EnableDate') : undefined,
    tags: fields.tags(),
  })
  draft.add(arn.id, arn.partition, 'mfaDevices', image)
}

/** The last use of an access key; undefined if it was never used. */
export function lastUse(fields: Fields): LastUseImage | undefined {
  const at = fields.instant('LastUsedDate')
  const region = fields.text('Region') ?? 'N/A'
  if (at === undefined || region === 'N/A') return undefined
  return given<LastUseImage>({ at, region, service: fields.text('ServiceName') })
}

import type { Statement } from '@omen-iam/policy'
import { services } from '../../../authorization/catalogue/index.ts'
import { family, parsedDocument } from '../../../authorization/index.ts'
import { assert, parseArn } from '../../../base/index.ts'
import type { DelegationRequest } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { invalidInput } from '../faults.ts'
import { asksRequest, getRequest, requestorAccount } from './place.ts'

/**
 * AWS generates this text with a language model; Omen uses a few fixed sentences, in English only (behaviour DLG-11).
 */
export const humanReadableSummaryFamily = family<Iam.Operations>()({
  GetHumanReadableSummary: {
    accounts: (input, call) => requestorAccount({ DelegationRequestId: idIn(input.EntityArn) ?? '' }, call),
    requests: (input, call) => asksRequest(idIn(input.EntityArn) ?? '*', call),
    run(input, call) {
      const id = idIn(input.EntityArn)
      if (id === undefined)
        throw invalidInput(`Only delegation requests can be summarized: ${input.EntityArn}`)
      const { request, account } = getRequest(id, call)
      const locale = input.Locale ?? 'en'
      if (!/^en\b/i.test(locale)) return { Locale: locale, SummaryState: 'NOT_SUPPORTED' }
      return {
        SummaryContent: summaryOf(request, account.settings.name),
        Locale: locale,
        SummaryState: 'AVAILABLE',
      }
    },
  },
})

function idIn(arn: string): string | undefined {
  const parts = parseArn(arn)
  if (parts?.service !== 'iam' || !parts.resource.startsWith('delegation-request/')) return undefined
  return parts.resource.slice('delegation-request/'.length)
}

function summaryOf(request: DelegationRequest, requestor: string): string {
  const parsed = parsedDocument(request.policy, 'identity')
  assert(parsed.ok, 'a rendered policy does not parse')
  const hours = Math.round((request.sessionSeconds / 3_600) * 100) / 100
  const head = `${requestor} (account ${request.requestor}) asks for access for ${hours} ${hours === 1 ? 'hour' : 'hours'}: ${request.description}`
  const sentences = parsed.policy.statements.map(sentenceOf)
  const roles = request.boundaryArns.map((arn) => `Roles that it creates are bounded by ${arn}.`)
  return [head, ...sentences, ...roles].join('\n')
}

function sentenceOf({ effect, action, resource, condition }: Statement): string {
  const verb = effect === 'Allow' ? 'It may' : 'It may not'
  const actions = action.values.map(({ value }) => value).join(', ')
  const what = action.negated ? `do anything but ${actions}` : `do ${actions}`
  const names = [...new Set(action.values.map(({ value }) => services().get(value.split(':')[0] ?? '')))]
  const where = resource?.values.map(({ value }) => value).join(', ') ?? '*'
  const on = resource?.negated === true ? `anything but ${where}` : where === '*' ? 'any resource' : where
  const namesText = names.filter((name) => name !== undefined).join(', ')
  const when = condition.length > 0 ? ', under conditions' : ''
  return `${verb} ${what}${namesText === '' ? '' : ` (${namesText})`} on ${on}${when}.`
}

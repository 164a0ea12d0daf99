import type { ResidualView } from '../../graph/index.ts'
import { safe } from '../output.ts'

/** Whether some ARNs are of several accounts. */
export function areOfSeveral(arns: readonly string[]): boolean {
  return new Set(arns.flatMap((arn) => /^arn:[^:]*:iam::(\d{12}):/.exec(arn)?.[1] ?? [])).size > 1
}

/** Shortens ARNs of IAM to what people read: `role/deploy`, with the account before it if there are several. */
export function shortenerOf(isOfSeveral: boolean): (arn: string) => string {
  return (arn) => {
    const [, account, rest] = /^arn:[^:]*:iam::(\d*):(.+)$/.exec(arn) ?? []
    if (rest === undefined) return safe(arn === '*' ? 'anyone' : arn)
    if (rest === 'root') return `account ${safe(account ?? '')}`
    return safe(isOfSeveral && account !== '' ? `${account}/${rest}` : rest)
  }
}

/** A condition that is left, and who could fulfil it. */
export function residualText({ operator, key, values, mustHold, who }: ResidualView): string {
  return `if ${mustHold ? '' : 'not '}${safe(operator)} ${safe(key)} ${safe(values.join(', '))}: ${safe(who)}`
}

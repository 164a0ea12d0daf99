import type { Operation } from '../../../authorization/index.ts'
import type { IamIdentity, Quotas } from '../../../directory/index.ts'
import { checkDocument, encodeDocument, sizeOf } from '../document.ts'
import { limitExceeded, noSuchEntity, quotaOf } from '../faults.ts'
import { type Page, type Paging, page, sortedBy } from '../page.ts'
import { asks, get, type Target } from '../target.ts'
import { change, type IdentityRules } from './identity-rules.ts'

type OfPolicy<I> = I & { readonly PolicyName: string }

/** Inline policies of one kind of entity: put, get, delete, list. */
export function inlinePolicies<R extends IamIdentity, I, Name>(
  target: Target<R, I>,
  rules: IdentityRules<R> & {
    /** The quota on all inline policies of an entity together. */
    readonly sizeQuota: keyof Quotas
    /** The member of answers that names the entity. */
    readonly nameOut: (identity: R) => Name
  },
): {
  readonly put: Operation<OfPolicy<I> & { readonly PolicyDocument: string }, undefined>
  readonly get: Operation<
    OfPolicy<I>,
    Name & { readonly PolicyName: string; readonly PolicyDocument: string }
  >
  readonly delete: Operation<OfPolicy<I>, undefined>
  readonly list: Operation<I & Paging, { readonly PolicyNames: readonly string[] } & Page<string>['rest']>
} {
  const noPolicy = (name: string) =>
    noSuchEntity(`The ${target.word} policy with name ${name} cannot be found.`)
  return {
    put: {
      ...change(target, rules),
      run(input, call) {
        const identity = get(target, input, call)
        rules.checkChangeable?.(identity)
        checkDocument(input.PolicyDocument, 'identity', call.account)
        const name = storedName(identity, input.PolicyName) ?? input.PolicyName
        const inline = { ...identity.inline, [name]: input.PolicyDocument }
        const quota = quotaOf(call, rules.sizeQuota)
        if (sizeOf(Object.values(inline)) > quota) {
          throw limitExceeded(
            `Maximum policy size of ${quota} bytes exceeded for ${target.word} ${identity.name}`,
          )
        }
        call.account.table(target.table).put({ ...identity, inline })
      },
    },
    get: {
      ...asks(target),
      run(input, call) {
        const identity = get(target, input, call)
        const name = storedName(identity, input.PolicyName)
        if (name === undefined) throw noPolicy(input.PolicyName)
        return {
          ...rules.nameOut(identity),
          PolicyName: input.PolicyName,
          PolicyDocument: encodeDocument(identity.inline[name]!), // stored under this name
        }
      },
    },
    delete: {
      ...change(target, rules),
      run(input, call) {
        const identity = get(target, input, call)
        rules.checkChangeable?.(identity)
        const gone = storedName(identity, input.PolicyName)
        if (gone === undefined) throw noPolicy(input.PolicyName)
        const inline = Object.fromEntries(Object.entries(identity.inline).filter(([name]) => name !== gone))
        call.account.table(target.table).put({ ...identity, inline })
      },
    },
    list: {
      ...asks(target),
      run(input, call) {
        const identity = get(target, input, call)
        const names = sortedBy(Object.keys(identity.inline), inlineKey)
        const { items, rest } = page(names, inlineKey, input)
        return { PolicyNames: items, ...rest }
      },
    },
  }
}

/** Names sort ignoring case (behaviour IAM-40). Files of earlier versions may have two that differ in case only. */
function inlineKey(name: string): string {
  return `${name.toLowerCase()} ${name}`
}

/** Returns the spelling under which a policy of that name is stored: the same, or another by case (behaviour IAM-4). */
function storedName({ inline }: IamIdentity, name: string): string | undefined {
  if (Object.hasOwn(inline, name)) return name // own members only: a policy may be called `constructor`
  const key = name.toLowerCase()
  return Object.keys(inline).find((each) => each.toLowerCase() === key)
}

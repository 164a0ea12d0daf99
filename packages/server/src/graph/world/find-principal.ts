import { accountsIn, type Principal, principalOf, type World } from './world.ts'

/**
 * The principal of an ARN, `user/NAME`, `role/NAME` or a name, of which the account's own come first; with
 * `ACCOUNT/` before it, that of the account.
 */
export function findPrincipal(world: World, name: string): Principal | undefined {
  const exact = principalOf(world, name)
  if (exact !== undefined) return exact
  const [, account, type, plain = name] = /^(?:(\d{12})\/)?(?:(user|role)\/)?(.+)$/.exec(name) ?? []
  for (const { users, roles, account: own } of accountsIn(world)) {
    if (account !== undefined && account !== own) continue
    const all: readonly Principal[] = [...users.values(), ...roles.values()]
    const found = all.find(
      (principal) =>
        (type === undefined || principal.type === type) &&
        (principal.name === plain || principal.arn.endsWith(`:${principal.type}/${plain}`)),
    )
    if (found !== undefined) return found
  }
  return undefined
}

import { family } from '../../authorization/index.ts'
import { pageOf } from '../../center/index.ts'
import {
  type IdentityPool,
  identityPools,
  poolIdentities,
  poolLogins,
  poolQuotas,
} from '../../directory/index.ts'
import type { CognitoIdentity } from '../../model/index.ts'
import { invalid, tooMany } from './faults.ts'
import { newPoolId } from './ids.ts'
import { onPool } from './pool.ts'
import { checkTags, requestTags } from './tag.ts'

/** Identity pools themselves. */
export const pools = family<CognitoIdentity.Operations>()({
  CreateIdentityPool: {
    context: ({ IdentityPoolTags }) => requestTags(IdentityPoolTags),
    run(input, call) {
      const { account, region, deps } = call
      const table = account.table(identityPools)
      if (table.size >= poolQuotas.pools) throw tooMany('The account has too many identity pools.')
      const pool: IdentityPool = {
        id: newPoolId(region, account.id, deps.random),
        ...settingsOf(input),
        tags: checkTags(input.IdentityPoolTags ?? {}),
        roles: {},
        mappings: {},
        tagMaps: {},
      }
      table.put(pool)
      return viewOf(pool)
    },
  },
  DescribeIdentityPool: onPool((_input: CognitoIdentity.DescribeIdentityPoolInput, pool) => viewOf(pool)),
  UpdateIdentityPool: onPool((input: CognitoIdentity.IdentityPool, before, call) => {
    const { developerProvider: _, ...kept } = before
    const pool: IdentityPool = {
      ...kept,
      ...settingsOf(input),
      tags: checkTags(input.IdentityPoolTags ?? before.tags),
    }
    call.account.table(identityPools).put(pool)
    return viewOf(pool)
  }),
  DeleteIdentityPool: onPool((_input: CognitoIdentity.DeleteIdentityPoolInput, { id }, { account }) => {
    account.table(identityPools).delete(id)
    for (const identity of [...account.table(poolIdentities).values()])
      if (identity.pool === id) account.table(poolIdentities).delete(identity.id)
    for (const login of [...account.table(poolLogins).values()])
      if (login.pool === id) account.table(poolLogins).delete(`${id} ${login.provider} ${login.subject}`)
  }),
  ListIdentityPools: {
    run(input, { account, region }) {
      const poolsHere = [...account.table(identityPools).values()].filter(({ id }) =>
        id.startsWith(`${region}:`),
      )
      const { items, NextToken } = pageOf(poolsHere, ({ id }) => id, input)
      return {
        IdentityPools: items.map(({ id, name }) => ({ IdentityPoolId: id, IdentityPoolName: name })),
        NextToken,
      }
    },
  },
})

/** @throws Fault InvalidParameterException */
function settingsOf(input: Omit<CognitoIdentity.IdentityPool, 'IdentityPoolId'>) {
  const { SupportedLoginProviders = {}, CognitoIdentityProviders = [] } = input
  const { OpenIdConnectProviderARNs = [], SamlProviderARNs = [] } = input
  const lists = [OpenIdConnectProviderARNs, SamlProviderARNs, CognitoIdentityProviders]
  if (Object.keys(SupportedLoginProviders).length > poolQuotas.logins)
    throw invalid('There are too many login providers.')
  if (lists.some(({ length }) => length > 50)) throw invalid('There are too many identity providers.')
  return {
    name: input.IdentityPoolName,
    letsGuests: input.AllowUnauthenticatedIdentities,
    letsClassic: input.AllowClassicFlow === true,
    supportedLogins: SupportedLoginProviders,
    ...(input.DeveloperProviderName !== undefined && { developerProvider: input.DeveloperProviderName }),
    oidcProviders: OpenIdConnectProviderARNs,
    samlProviders: SamlProviderARNs,
    userPools: CognitoIdentityProviders.map(({ ProviderName = '', ClientId = '', ServerSideTokenCheck }) => ({
      provider: ProviderName,
      clientId: ClientId,
      checksToken: ServerSideTokenCheck === true,
    })),
  }
}

function viewOf(pool: IdentityPool): CognitoIdentity.IdentityPool {
  return {
    IdentityPoolId: pool.id,
    IdentityPoolName: pool.name,
    AllowUnauthenticatedIdentities: pool.letsGuests,
    AllowClassicFlow: pool.letsClassic,
    ...(Object.keys(pool.supportedLogins).length > 0 && { SupportedLoginProviders: pool.supportedLogins }),
    ...(pool.developerProvider !== undefined && { DeveloperProviderName: pool.developerProvider }),
    ...(pool.oidcProviders.length > 0 && { OpenIdConnectProviderARNs: pool.oidcProviders }),
    ...(pool.samlProviders.length > 0 && { SamlProviderARNs: pool.samlProviders }),
    ...(pool.userPools.length > 0 && {
      CognitoIdentityProviders: pool.userPools.map(({ provider, clientId, checksToken }) => ({
        ProviderName: provider,
        ClientId: clientId,
        ServerSideTokenCheck: checksToken,
      })),
    }),
    IdentityPoolTags: pool.tags,
  }
}

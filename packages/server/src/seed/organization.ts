import type { AccountId } from '../base/index.ts'
import type { SeedCalls } from './calls.ts'
import type { SeedPath } from './read.ts'
import type { SeedDocument, SeedUnit } from './seed.ts'

const types = { scp: 'SERVICE_CONTROL_POLICY', rcp: 'RESOURCE_CONTROL_POLICY' } as const

/** Makes the organization of a seed: policy types, members, units from the root down, then policies from the leaves up. */
export async function plantOrganization(
  root: SeedUnit,
  calls: SeedCalls,
  management: AccountId,
  text: (document: SeedDocument, at: SeedPath) => string,
): Promise<void> {
  const at = ['organization']
  const call = (operation: string, input: Readonly<Record<string, unknown>>, place: SeedPath) =>
    calls.call(management, 'organizations', operation, input, place)
  await call('CreateOrganization', { FeatureSet: 'ALL' }, at)
  const { Roots } = (await call('ListRoots', {}, at)) as { Roots: readonly { Id: string }[] } // as the operation answers
  const rootId = Roots[0]?.Id ?? ''
  for (const PolicyType of Object.values(types))
    await call('EnablePolicyType', { RootId: rootId, PolicyType }, at)

  const unit = async (given: SeedUnit, id: string, place: SeedPath): Promise<void> => {
    for (const [index, number] of (given.accounts ?? []).entries()) {
      const where = [...place, 'accounts', index]
      await join(calls.number(number, where), where)
      if (id !== rootId)
        await call(
          'MoveAccount',
          { AccountId: number, SourceParentId: rootId, DestinationParentId: id },
          where,
        )
    }
    for (const [name, below] of Object.entries(given.units ?? {})) {
      const where = [...place, 'units', name]
      const created = await call('CreateOrganizationalUnit', { ParentId: id, Name: name }, where)
      const { OrganizationalUnit } = created as { OrganizationalUnit: { Id: string } } // as the operation answers
      await unit(below ?? {}, OrganizationalUnit.Id, where)
    }
    for (const [member, Type] of Object.entries(types)) {
      const policies = member === 'scp' ? given.scp : given.rcp
      for (const [Name, document] of Object.entries(policies ?? {})) {
        const where = [...place, member, Name]
        const input = { Type, Name, Description: '', Content: text(document, where) }
        const created = await call('CreatePolicy', input, where)
        const { Policy } = created as { Policy: { PolicySummary: { Id: string } } } // as the operation answers
        await call('AttachPolicy', { PolicyId: Policy.PolicySummary.Id, TargetId: id }, where)
      }
    }
  }

  const join = async (number: AccountId, where: SeedPath): Promise<void> => {
    if (number === management) return
    const invited = await call(
      'InviteAccountToOrganization',
      { Target: { Type: 'ACCOUNT', Id: number } },
      where,
    )
    const { Handshake } = invited as { Handshake: { Id: string } } // as the operation answers
    await calls.call(number, 'organizations', 'AcceptHandshake', { HandshakeId: Handshake.Id }, where)
  }

  await unit(root, rootId, at)
}

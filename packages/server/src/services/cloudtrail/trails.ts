import { type Call, family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import {
  noteTrailAccount,
  type Trail,
  trailArn,
  trailDeliveries,
  trailKey,
  trails,
} from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { getTrail, onTrails, ownTrail, visibleTrails } from './find-trail.ts'
import { stopped } from './logging.ts'
import { checkedTags, requestTags } from './tag.ts'
import { checkedName, parseTrailReference } from './trail-name.ts'
import { settingsOf } from './trail-settings.ts'
import { settingsOut, trailOut } from './trail-view.ts'

/** The most trails of an account in a region (behaviour CTR-4). */
const mostTrails = 5

/** Trails: what is delivered, and where. */
export const trailFamily = family<CloudTrail.Operations>()({
  CreateTrail: {
    requests(input, call) {
      const asked = onTrails([input.Name], call, requestTags(input.TagsList))
      if ((input.TagsList ?? []).length === 0) return asked
      // tagging in a creation needs the permission to tag as well (behaviour CTR-16)
      return [...asked, ...asked.map((request) => ({ ...request, action: 'cloudtrail:AddTags' }))]
    },
    // deliveries must know the account before it has a trail; if the creation then fails, they find no trail
    prepare: (_input, call) => noteTrailAccount(call.house.directory.store, call.account.id),
    run(input, call) {
      const { account, region: homeRegion } = call
      const name = checkedName(input.Name)
      const settings = settingsOf(input, undefined, call)
      const tags = checkedTags(input.TagsList ?? [])
      const table = account.table(trails)
      const living = [...table.values()].filter((trail) => trail.deletedAt === undefined)
      if (
        living.some((trail) => trail.name === name && (trail.homeRegion === homeRegion || trail.multiRegion))
      )
        throw fault(
          'TrailAlreadyExistsException',
          `Trail ${name} already exists for customer: ${account.id}`,
          400,
        )
      if (living.filter((trail) => trail.homeRegion === homeRegion).length >= mostTrails) {
        const message = `User: ${account.id} already has ${mostTrails} trails in ${homeRegion}.`
        throw fault('MaximumNumberOfTrailsExceededException', message, 403)
      }
      const trail: Trail = { name, homeRegion, ...settings, tags, periods: [], createdAt: call.now }
      account.table(trailDeliveries).delete(trailKey(homeRegion, name))
      table.put(trail)
      return settingsOut({ trail, owner: account })
    },
  },
  UpdateTrail: {
    requests: (input, call) => onTrails([input.Name], call),
    run(input, call) {
      const before = ownTrail(input.Name, call)
      const { prefix: _, validatedSince: __, ...rest } = before
      const trail: Trail = { ...rest, ...settingsOf(input, before, call) }
      call.account.table(trails).put(trail)
      return settingsOut({ trail, owner: call.account })
    },
  },
  DeleteTrail: {
    requests: (input, call) => onTrails([input.Name], call),
    run(input, call) {
      const trail = ownTrail(input.Name, call)
      const key = trailKey(trail.homeRegion, trail.name)
      if (call.house.deliversTrails) {
        // its last events and digest are still to be delivered (behaviour TRL-84)
        call.account.table(trails).put({ ...stopped(trail, call.now), deletedAt: call.now })
      } else {
        call.account.table(trails).delete(key)
        call.account.table(trailDeliveries).delete(key)
      }
      return {}
    },
  },
  DescribeTrails: {
    run(input, call) {
      const asked = input.trailNameList ?? []
      if (asked.length > 0) return { trailList: asked.flatMap((name) => described(name, call)) }
      const shadows = input.includeShadowTrails ?? true
      const here = visibleTrails(call).filter(({ trail, owner }) => {
        const isShadow = trail.homeRegion !== call.region || owner !== call.account
        return isShadow ? shadows && (trail.multiRegion || trail.homeRegion === call.region) : true
      })
      return { trailList: here.map(trailOut) }
    },
  },
  GetTrail: {
    requests: (input, call) => onTrails([input.Name], call),
    run: (input, call) => ({ Trail: trailOut(getTrail(input.Name, call)) }),
  },
  ListTrails: {
    run: (_input, call) => ({
      Trails: visibleTrails(call).map(({ trail, owner }) => ({
        TrailARN: trailArn(owner, trail),
        Name: trail.name,
        HomeRegion: trail.homeRegion,
      })),
    }),
  },
})

/** Returns the existing ones of the named trails (behaviour CTR-5). */
function described(text: string, call: Call): readonly CloudTrail.Trail[] {
  parseTrailReference(text)
  try {
    return [trailOut(getTrail(text, call))]
  } catch {
    return []
  }
}

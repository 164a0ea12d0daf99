import { type Call, family, type PassedRole, prepared } from '../../authorization/index.ts'
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
import { checkPlaces } from './trail-places.ts'
import { settingsOf } from './trail-settings.ts'
import { settingsOut, trailOut } from './trail-view.ts'

/** The most trails of an account in a region (behaviour CTR-4). */
const mostTrails = 5

/** Trails: what is delivered, and where. */
export const trailFamily = family<CloudTrail.Operations>()({
  CreateTrail: prepared({
    requests(input, call) {
      const requests = onTrails([input.Name], call, requestTags(input.TagsList))
      if ((input.TagsList ?? []).length === 0) return requests
      // tagging in a creation needs the permission to tag as well (behaviour CTR-16)
      return [...requests, ...requests.map((request) => ({ ...request, action: 'cloudtrail:AddTags' }))]
    },
    passes: (input) => passed(input.CloudWatchLogsRoleArn),
    async prepare(input, call) {
      // deliveries must know the account before it has a trail; if the creation then fails, they find no trail
      await noteTrailAccount(call.deps.directory.store, call.account.id)
      settingsOf(input, undefined, call, {})
      const trail = { homeRegion: call.region, name: checkedName(input.Name), bucket: input.S3BucketName }
      return checkPlaces(input, trail, undefined, call)
    },
    run(input, call, found) {
      const { account, region: homeRegion } = call
      const name = checkedName(input.Name)
      const settings = settingsOf(input, undefined, call, found)
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
  }),
  UpdateTrail: prepared({
    requests: (input, call) => onTrails([input.Name], call),
    passes: (input) => passed(input.CloudWatchLogsRoleArn),
    prepare(input, call) {
      const before = ownTrail(input.Name, call)
      settingsOf(input, before, call, {})
      return checkPlaces(input, { ...before, bucket: input.S3BucketName ?? before.bucket }, before, call)
    },
    run(input, call, found) {
      const before = ownTrail(input.Name, call)
      const { prefix: _, validatedSince: __, logs: ___, kmsKey: ____, ...rest } = before
      const trail: Trail = { ...rest, ...settingsOf(input, before, call, found) }
      call.account.table(trails).put(trail)
      return settingsOut({ trail, owner: call.account })
    },
  }),
  DeleteTrail: {
    requests: (input, call) => onTrails([input.Name], call),
    run(input, call) {
      const trail = ownTrail(input.Name, call)
      const key = trailKey(trail.homeRegion, trail.name)
      if (call.deps.deliversTrails) {
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
      const trailNames = input.trailNameList ?? []
      if (trailNames.length > 0) return { trailList: trailNames.flatMap((name) => described(name, call)) }
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

/** The role that writes to the log group (behaviour CTR-24). */
function passed(roleArn: string | undefined): readonly PassedRole[] {
  return roleArn ? [{ roleArn, service: 'cloudtrail.amazonaws.com' }] : []
}

/** Returns the existing ones of the named trails (behaviour CTR-5). */
function described(text: string, call: Call): readonly CloudTrail.Trail[] {
  parseTrailReference(text)
  try {
    return [trailOut(getTrail(text, call))]
  } catch {
    return []
  }
}

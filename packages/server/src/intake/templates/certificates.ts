import type { ImageFinding, LentImage, SourcePlace } from '../../image/index.ts'
import type { Home } from './home.ts'

/** A profile or a trust anchor of IAM Roles Anywhere that is enabled. */
export interface Certified {
  readonly at: SourcePlace
  readonly home: Home
  readonly name: string
}

interface Profile extends Certified {
  readonly roles: readonly string[]
}

interface Target {
  lend(lent: LentImage): void
  find(finding: ImageFinding): void
}

/** The roles of profiles of IAM Roles Anywhere: holders of certificates of the region's trust anchors get them (behaviour RAN-27). */
export class CertificateDraft {
  readonly #profiles: Profile[] = []
  readonly #anchors: Certified[] = []

  profile(profile: Profile): void {
    this.#profiles.push(profile)
  }

  anchor(anchor: Certified): void {
    this.#anchors.push(anchor)
  }

  make(builder: Target): void {
    for (const { at, home, name, roles } of this.#profiles) {
      const of = this.#anchors.filter((anchor) => placeOf(anchor) === placeOf({ home }))
      const by = `by profile ${name} of IAM Roles Anywhere`
      const holders =
        of.length === 0
          ? [`holders of certificates, ${by}`]
          : of.map((anchor) => `holders of certificates of trust anchor ${anchor.name}, ${by}`)
      const to = name === '*' ? undefined : `certificate/${name}`
      for (const role of roles) for (const who of holders) builder.lend({ at, role, who, to })
    }
    const places = new Set(this.#profiles.map(placeOf))
    for (const { at, home, name } of this.#anchors) {
      if (places.has(placeOf({ home }))) continue
      const message = `no file has a profile of account ${home.account} in ${home.region}: which roles holders of certificates of trust anchor ${name} get is not known.`
      builder.find({ at, account: home.account, code: 'anchor-without-profile', message })
    }
  }
}

function placeOf({ home: { account, region } }: Pick<Certified, 'home'>): string {
  return `${account} ${region}`
}

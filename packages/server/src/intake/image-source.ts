import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { type AccountId, endOfTurn } from '../base/index.ts'
import { type AccountImage, emptyAccount, type Image, type OrganizationImage } from '../image/index.ts'
import { Draft } from './draft.ts'
import type { ImagePart } from './image-shape.ts'
import { intakeLimits } from './limits.ts'
import { IntakeProblem } from './problem.ts'

/** An image whose accounts are read one at a time, so that many accounts need not be in memory together. */
export interface ImageSource extends Pick<Image, 'notTaken' | 'findings'> {
  readonly accounts: readonly AccountHead[]
  readonly organization?: OrganizationImage
  /** Reads an account; may be called more than once. @throws IntakeProblem where its parts contradict each other */
  open(account: AccountId): Promise<AccountImage>
}

/** The members that name an account of an image. */
export type AccountHead = Pick<AccountImage, 'account' | 'partition' | 'at'>

/** An image in memory as a source. */
export function sourceOf(image: Image | ImageSource): ImageSource {
  if ('open' in image) return image
  const accounts = new Map(image.accounts.map((each) => [each.account, each]))
  return { ...image, open: async (account) => accounts.get(account)! } // asked for accounts of the image alone
}

interface PackedAccount extends AccountHead {
  readonly packs: Uint8Array[]
}

/** An image that arrives in parts. The parts of accounts are kept compressed until they are read. */
export class PackedImage {
  readonly #accounts = new Map<AccountId, PackedAccount>()
  readonly #organization = new Draft()

  /** @throws IntakeProblem if it is a part too many, or contradicts what is known of the organization */
  add(part: ImagePart): void {
    if (!('account' in part)) {
      addPart(this.#organization, part)
      return
    }
    const { account, partition, at } = part.account
    let packed = this.#accounts.get(account)
    if (packed === undefined) {
      if (this.#accounts.size >= intakeLimits.accounts)
        throw new IntakeProblem(at, `more than ${intakeLimits.accounts} accounts`)
      packed = { account, partition, at, packs: [] }
      this.#accounts.set(account, packed)
    }
    packed.packs.push(deflateRawSync(JSON.stringify(part), { level: 1 }))
  }

  /** @throws IntakeProblem if the organization is not whole */
  source(): ImageSource {
    const { organization } = this.#organization.image()
    return {
      accounts: [...this.#accounts.values()],
      ...(organization === undefined ? {} : { organization }),
      notTaken: [],
      findings: [],
      open: (account) => this.#open(account),
    }
  }

  async #open(id: AccountId): Promise<AccountImage> {
    const draft = new Draft()
    const { packs, partition, at } = this.#accounts.get(id)! // asked for accounts of the image alone
    for (const pack of packs) {
      addPart(draft, JSON.parse(inflateRawSync(pack).toString('utf8')) as ImagePart) // as `add` packed it
      await endOfTurn()
    }
    const parts = draft.imageInParts()
    for (;;) {
      const part = parts.next()
      if (part.done) return part.value.accounts[0] ?? emptyAccount(id, partition, at)
      await endOfTurn()
    }
  }
}

function addPart(draft: Draft, part: ImagePart): void {
  if ('account' in part) {
    const { account, partition, at, ...members } = part.account
    draft.set(account, partition, members, at)
    if (part.list !== undefined)
      for (const thing of part.things) draft.add(account, partition, part.list, thing)
  } else {
    draft.setOrganization(part.organization)
    if (part.list !== undefined) for (const thing of part.things) draft.addToOrganization(part.list, thing)
  }
}

/** A resource and the values in it that name roles or instance profiles. */
export interface Wearer {
  readonly type: string
  readonly arn: string
  readonly account: string
  readonly partition: string
  readonly worn: readonly { readonly property: string; readonly value: string }[]
}

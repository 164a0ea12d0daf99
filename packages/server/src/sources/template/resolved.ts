import type { JsonNode, JsonObject, Position } from '@omen-iam/policy'
import type { TemplateOptions, Text } from './options.ts'

/** A file that holds a template, or the manifest of a cloud assembly. */
export interface TemplateFile {
  readonly file: string
  readonly text: string
  /** The tree of the text, if it was read already. */
  readonly root?: JsonNode
}

/** How templates are deployed together. */
export interface ResolveOptions extends Omit<TemplateOptions, 'file' | 'kind'> {
  /**
   * Reads a file that a template nests; undefined if there is none. Only paths within the template's folder are
   * requested.
   */
  readonly read?: (file: string) => string | undefined
  /**
   * Whether only what is certain counts, as for an import: of a plan of Terraform nothing is then a pattern, one of
   * several, or without a part that may refuse.
   */
  readonly exact?: boolean
  /** Whether what is added to a user, group or role that the files do not make is taken as a part of it. */
  readonly parts?: boolean
  /** Whether the templates are wanted as they were decided. */
  readonly decide?: boolean
  /** Reads every nested template, instead of local files. Undefined if the template cannot be read. */
  readonly readNested?: (nested: NestedPlace) => NestedTemplate | undefined
}

/** Where a template nests another. */
export interface NestedPlace {
  readonly url: string
  /** Logical ids of the nested stacks on the way, the outermost first. */
  readonly path: readonly string[]
  /** The name or ARN of the nested stack, if it exists. */
  readonly physicalId?: string
}

/** A template that another one nests. */
export interface NestedTemplate {
  readonly text: string
  /** Physical ids of the resources that its stack has, by logical id. */
  readonly physicalIds?: Readonly<Record<string, string>>
}

/** A template with what was decided about it, without functions that need no resource (behaviour GRD-400). */
export interface DecidedTemplate {
  /** Logical ids of the nested stacks on the way to it. */
  readonly path: readonly string[]
  readonly root: JsonNode
}

/** A message about a place in a file. */
export interface TemplateMessage {
  readonly file: string
  readonly place: Position
  readonly message: string
}

/** A message about a part that is not read, which begins with the part's name. */
export interface TemplateNote extends TemplateMessage {
  /** The type of the resource, or `Transform`. */
  readonly kind: string
}

/** A resource as CloudFormation makes it, with the functions in its properties evaluated. */
export interface ResolvedResource {
  readonly file: string
  /** The name of the stack that it is in. */
  readonly stack: string
  readonly account: string
  readonly region: string
  readonly partition: string
  readonly logicalId: string
  readonly type: string
  /** The result of Ref. */
  readonly physicalId: Text
  /** The name by which its service knows it. */
  readonly name: Text
  /** Absent if the type is not known to have one. */
  readonly arn?: Text
  readonly properties: JsonObject
  /** Logical ids that it waits for, from DependsOn. */
  readonly dependsOn: readonly string[]
  readonly deletionPolicy: string
  /** Why it is unknown whether the resource is created. Absent: it is. */
  readonly uncertain?: string
  readonly node: JsonNode
  /** An attribute as Fn::GetAtt returns it. */
  attribute(name: string): Text
  /** The position of a value in the file. */
  place(node: JsonNode): Position
}

/** Everything that templates create together. */
export interface ResolvedTemplates {
  readonly resources: readonly ResolvedResource[]
  /** The faults that CloudFormation would refuse. If there is any, nothing must be taken. */
  readonly problems: readonly TemplateMessage[]
  /** The parts that are not read or evaluated, with the reason. */
  readonly notes: readonly TemplateNote[]
  /** The templates, nested ones included; none unless they are asked for. */
  readonly decided: readonly DecidedTemplate[]
  /** The text of an evaluated value. */
  text(node: JsonNode | undefined): Text
  /** Why a value, or its first unknown part, is unknown; undefined if all of it is known. */
  unknownIn(node: JsonNode | undefined): string | undefined
  /** Why texts are not known, by their nodes. */
  readonly unknown: ReadonlyMap<JsonNode, string>
}

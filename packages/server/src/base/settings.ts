/** Named settings that several nodes read and change. */
export interface Settings {
  readSetting(name: string): Promise<string | undefined>
  /** Replaces a setting if it still has the value `before`; undefined means that there is none. Returns whether it did. */
  swapSetting(name: string, before: string | undefined, after: string | undefined): Promise<boolean>
}

/**
 * Changes a setting by a function of its value. If another node changes it at the same time, the function is called
 * again with the newer value, so no change is lost. Returns the new value.
 */
export async function changeSetting<After extends string | undefined>(
  settings: Settings,
  name: string,
  change: (before: string | undefined) => After,
): Promise<After> {
  for (;;) {
    const before = await settings.readSetting(name)
    const after = change(before)
    if (after === before || (await settings.swapSetting(name, before, after))) return after
  }
}

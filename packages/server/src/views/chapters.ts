/** The parts of the course of lessons, in their order. */
export const chapters = ['mask', 'handing', 'wearing', 'gates', 'conditions', 'houses', 'becoming'] as const
export type Chapter = (typeof chapters)[number]

/** Their names, by language. */
export const chapterNames: Readonly<Record<'en' | 'ja', Readonly<Record<Chapter, string>>>> = {
  en: {
    mask: 'The mask',
    handing: 'Handing over',
    wearing: 'Wearing',
    gates: 'Gates',
    conditions: 'Conditions',
    houses: 'Other houses',
    becoming: 'Becoming',
  },
  ja: {
    mask: 'お面',
    handing: '渡す',
    wearing: '被る',
    gates: '門',
    conditions: '条件',
    houses: 'よその家',
    becoming: 'なれるもの',
  },
}

export const TEXTS = {
  en: {
    title: "Choose your bank",
    search: "Search",
    none: "No bank matches.",
    unavailable: "Not available now",
    failed: "That did not work. Try again.",
    atBank: "Go on in your bank's app or page, then come back here.",
    done: "Your bank is connected.",
  },
  ar: {
    title: "اختر بنكك",
    search: "بحث",
    none: "لم نجد بنكًا بهذا الاسم.",
    unavailable: "غير متاح حاليًا",
    failed: "لم تكتمل العملية. أعد المحاولة.",
    atBank: "أكمل الموافقة في تطبيق بنكك أو موقعه، ثم عُد إلى هنا.",
    done: "تم ربط حسابك البنكي.",
  },
};

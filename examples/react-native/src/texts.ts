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
    none: "لا يوجد بنك مطابق.",
    unavailable: "غير متاح حاليًا",
    failed: "لم تنجح العملية. حاول مرة أخرى.",
    atBank: "أكمل في تطبيق بنكك أو صفحته، ثم عُد إلى هنا.",
    done: "تم ربط بنكك.",
  },
};

import type { Language } from "lean-flask-client";

const EN = {
  brand: "Qahwa",
  other: "العربية",
  welcome: "Welcome to Qahwa",
  about: "Sign in to link your bank and pay for your coffee from your account.",
  signIn: "Sign in",
  failedToSignIn: "That did not work. Please try again.",
  title: "Link your bank",
  search: "Search for your bank",
  none: "No bank of this name.",
  unavailable: "Not available at the moment",
  busy: "One moment…",
  returning: "Asking your bank…",
  linked: "Your bank is linked",
  waiting: "Waiting for your bank to confirm…",
  confirmed: "Your bank has confirmed it.",
  cancelled: "Nothing was changed. Choose a bank whenever you like.",
  failed: "That did not work. Try again, or choose another bank.",
  again: "Try again",
  choose: "Choose a bank",
  another: "Link another bank",
};

export type Texts = typeof EN;

export const TEXTS: Record<Language, Texts> = {
  en: EN,
  ar: {
    brand: "قهوة",
    other: "English",
    welcome: "أهلًا بك في قهوة",
    about: "سجّل الدخول لتربط حسابك البنكي وتدفع ثمن قهوتك منه.",
    signIn: "تسجيل الدخول",
    failedToSignIn: "تعذّر تسجيل الدخول. أعد المحاولة.",
    title: "اربط حسابك البنكي",
    search: "ابحث عن بنكك",
    none: "لم نجد بنكًا بهذا الاسم.",
    unavailable: "غير متاح حاليًا",
    busy: "لحظة من فضلك…",
    returning: "جارٍ التحقق من النتيجة…",
    linked: "تم ربط حسابك البنكي",
    waiting: "بانتظار تأكيد بنكك…",
    confirmed: "أكّد بنكك ربط الحساب.",
    cancelled: "لم يتغيّر شيء. يمكنك اختيار بنكك مرة أخرى.",
    failed: "لم تكتمل العملية. أعد المحاولة أو اختر بنكًا آخر.",
    again: "إعادة المحاولة",
    choose: "اختر بنكًا",
    another: "اربط حسابًا آخر",
  },
};

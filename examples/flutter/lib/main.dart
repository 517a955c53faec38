import 'dart:ui' show PlatformDispatcher;

import 'package:app_links/app_links.dart';
import 'package:flutter/material.dart';

import 'bank_link.dart';
import 'lean_sdk.dart';
import 'texts.dart';

final language = PlatformDispatcher.instance.locale.languageCode == 'ar' ? 'ar' : 'en';
final texts = allTexts[language]!;

void main() => runApp(MaterialApp(
      builder: (context, page) => Directionality(
        textDirection: language == 'ar' ? TextDirection.rtl : TextDirection.ltr,
        child: page!,
      ),
      home: const BanksPage(),
    ));

class BanksPage extends StatefulWidget {
  const BanksPage({super.key});
  @override
  State<BanksPage> createState() => _BanksPageState();
}

class _BanksPageState extends State<BanksPage> {
  final link = BankLink('https://shop.example', language);
  List<dynamic> banks = [];
  String latest = '';
  String note = '';

  @override
  void initState() {
    super.initState();
    _attempt(() async {
      await link.signIn();
      await _search('');
    });
    AppLinks().uriLinkStream.listen((uri) => _attempt(() => _comeBack(uri)));
  }

  Future<void> _search(String typed) async {
    latest = typed;
    final found = await link.banks(typed);
    if (typed == latest) setState(() => banks = found);
  }

  Future<void> _comeBack(Uri uri) async {
    if (link.flow == null) return;
    final call = await link.comeBack(uri);
    call == null ? await _showOutcome() : _open(call);
  }

  /// Lean's widget does not close itself: the page does, when it has called back.
  void _open(SdkCall call) {
    Navigator.of(context).push(MaterialPageRoute<void>(
      builder: (context) => Scaffold(
        body: leanWidget(call, (response) {
          Navigator.of(context).pop();
          _attempt(() => _report(response));
        }),
      ),
    ));
  }

  Future<void> _report(Map<String, dynamic> response) async {
    final answer = await link.report(response);
    if (answer['status'] == 'at_bank') {
      setState(() => note = texts['atBank']!);
    } else if (answer['can_retry'] as bool) {
      setState(() => note = answer['advice'] as String? ?? texts['failed']!);
    } else {
      await _showOutcome();
    }
  }

  /// Wait for the bank's word. The next choice begins a new flow.
  Future<void> _showOutcome() async {
    final known = await link.wait();
    final failed = known['status'] == 'failed' || known['sdk_status'] != 'SUCCESS';
    setState(() => note = texts[failed ? 'failed' : 'done']!);
    link.flow = null;
  }

  Future<void> _attempt(Future<void> Function() work) async {
    try {
      await work();
    } on Refused catch (refused) {
      if (refused.status == 403 || refused.status == 410) link.flow = null;
      setState(() => note = refused.advice ?? texts['failed']!);
    } catch (_) {
      setState(() => note = texts['failed']!);
    }
  }

  @override
  Widget build(BuildContext context) => Scaffold(
        appBar: AppBar(title: Text(texts['title']!)),
        body: Column(children: [
          Semantics(liveRegion: true, child: Text(note)),
          TextField(
            decoration: InputDecoration(labelText: texts['search']),
            onChanged: (typed) => _attempt(() => _search(typed)),
          ),
          Expanded(
            child: ListView(children: [
              for (final bank in banks)
                ListTile(
                  title: Text(bank['display_name'] as String),
                  enabled: bank['available']['data'] as bool,
                  onTap: () => _attempt(
                      () async => _open(await link.choose(bank['identifier'] as String))),
                ),
            ]),
          ),
        ]),
      );
}

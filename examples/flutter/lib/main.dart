import 'package:app_links/app_links.dart';
import 'package:flutter/material.dart';

import 'bank_link.dart';
import 'lean_sdk.dart';

void main() => runApp(const MaterialApp(home: BanksPage()));

class BanksPage extends StatefulWidget {
  const BanksPage({super.key});
  @override
  State<BanksPage> createState() => _BanksPageState();
}

class _BanksPageState extends State<BanksPage> {
  final link = BankLink('https://shop.example', 'en'); // 'ar' for Arabic
  List<dynamic> banks = [];
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
    final found = await link.banks(typed);
    setState(() => banks = found);
  }

  Future<void> _comeBack(Uri uri) async {
    if (link.flow == null) return;
    final call = await link.comeBack(uri);
    if (call != null) _open(call);
  }

  /// Lean's widget does not close itself: the page does, when it has called back.
  void _open(SdkCall call) {
    Navigator.of(context).push(MaterialPageRoute<void>(
      builder: (context) => Scaffold(
        body: leanWidget(call, (response) {
          Navigator.of(context).pop();
          _attempt(() async {
            final answer = await link.report(response);
            setState(() => note = answer['status'] == 'at_bank'
                ? 'Go on in your bank\'s app or page, then come back here.'
                : answer['advice'] as String? ?? 'Your bank is connected.');
          });
        }),
      ),
    ));
  }

  Future<void> _attempt(Future<void> Function() work) async {
    try {
      await work();
    } on Refused catch (refused) {
      if (refused.status == 403 || refused.status == 410) link.flow = null;
      setState(() => note = refused.advice ?? 'That did not work. Try again.');
    }
  }

  @override
  Widget build(BuildContext context) => Scaffold(
        appBar: AppBar(title: const Text('Choose your bank')),
        body: Column(children: [
          Semantics(liveRegion: true, child: Text(note)),
          TextField(
            decoration: const InputDecoration(labelText: 'Search'),
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
